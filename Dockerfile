# One image for every part of a cluster: the command says which (`work`, `agents run`, `project`, `serve`, or
# `up`, which is all of it). It holds no secret; each part answers /livez on port 8000 of its container.

FROM python:3.11.14-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/orchestrator
WORKDIR /source
# The pins change seldom: what comes with them is a layer of its own.
COPY requirements.txt .
RUN /opt/orchestrator/bin/pip install --require-hashes -r requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY streams streams
COPY agents agents
COPY projections projections
COPY api api
RUN /opt/orchestrator/bin/pip install --no-deps --no-build-isolation . \
    && /opt/orchestrator/bin/pip uninstall --yes pip

FROM python:3.11.14-slim-bookworm
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin orchestrator \
    && install --directory --owner orchestrator --mode 0700 /data
COPY --from=build /opt/orchestrator /opt/orchestrator
ENV PATH=/opt/orchestrator/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER 10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/livez', timeout=4)"]
ENTRYPOINT ["orchestrator"]
# Listening beyond the container asks for ORCHESTRATOR_SECRET, and refuses to start without.
CMD ["up", "--host", "0.0.0.0", "--data", "/data"]
