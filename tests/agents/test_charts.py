"""Charts: drawn within their frame, the same as pixels everywhere, and said in words."""

import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.figures.canvas import BLUE, RED, WIDTH, clipped, lines_of, shown_key, text_width, ticks
from agents.figures.chart import Ahead, bar_chart_svg, line_chart_svg
from agents.figures.raster import png_of
from tests.agents.test_financial import analyse

AHEAD = Ahead("Feb 2026", 12, "$12", 8, 16, 10, 14)
LONG = "A very long name of a metric that goes on and on until nobody wants to read it any more"


def texts(svg: str) -> list[tuple[float, str, str]]:
    root = ET.fromstring(svg)  # noqa: S314
    found = (one for one in root.iter() if one.tag.endswith("}text"))
    return [(float(t.attrib["x"]), t.attrib["text-anchor"], t.text or "") for t in found]


def assert_inside(svg: str) -> None:
    """No label reaches beyond the frame, and no shape lies outside of it."""
    sides = {"start": (0.0, 1.0), "middle": (0.5, 0.5), "end": (1.0, 0.0)}
    for x, anchor, text in texts(svg):
        left, right = sides[anchor]
        wide = text_width(text, 12)
        assert x - left * wide >= -1, text
        assert x + right * wide <= WIDTH + 1, text
    for points in re.findall(r'points="([^"]+)"', svg):
        assert all(-1 <= float(p.split(",")[0]) <= WIDTH + 1 for p in points.split())


points = st.lists(
    st.tuples(st.text(max_size=40), st.floats(-1e9, 1e9), st.text(max_size=14)), max_size=130
)


@settings(max_examples=40, deadline=None)
@given(points, st.booleans())
def test_any_values_make_a_chart_that_can_be_drawn(
    shown: list[tuple[str, float, str]], has_forecast: bool
) -> None:
    ahead = [AHEAD] if has_forecast else []

    for svg in (line_chart_svg("T", shown, ahead=ahead), bar_chart_svg("T", shown)):
        ET.fromstring(svg)  # noqa: S314


@pytest.mark.parametrize("count", [1, 2, 12, 60, 120])
def test_labels_stay_inside_and_the_last_period_is_named(count: int) -> None:
    shown = [(f"Jan {2000 + i}", float(i * i - 40), f"${i * i - 40:,}") for i in range(count)]

    svg = line_chart_svg(LONG, shown, ahead=[AHEAD], marked=[count // 2])

    assert_inside(svg)
    assert "Feb 2026" in [text for _, _, text in texts(svg)]


def test_long_names_and_falling_values_fit_into_bars() -> None:
    svg = bar_chart_svg("Changes", [(LONG, -0.31, "-31%"), ("Revenue", 0.12, "12%")])

    assert_inside(svg)
    assert {"-31%", "12%"} <= {text for _, _, text in texts(svg)}


def test_the_same_chart_is_the_same_pixels() -> None:
    svg = line_chart_svg("Revenue", [("Jan", 1, "$1"), ("Feb", 2, "$2")], ahead=[AHEAD])

    picture = png_of(svg)

    assert picture.startswith(b"\x89PNG")
    assert picture == png_of(svg)
    assert int.from_bytes(picture[16:20], "big") == 2 * WIDTH


def test_what_is_no_drawing_is_refused() -> None:
    with pytest.raises(ValueError, match="document"):
        png_of("<svg")


def test_a_chart_says_in_words_what_it_shows() -> None:
    few = line_chart_svg("T", [("Jan", 1, "$1"), ("Feb", 2, "$2")], ahead=[AHEAD], marked=[1])
    many = line_chart_svg("T", [(f"#{i}", float(i), f"${i}") for i in range(60)], language="de")

    assert "Jan: $1; Feb: $2; Feb 2026 (forecast): $12; Feb stands out: $2" in few
    assert "60 Werte; #0: $0; #59: $59; niedrigster $0 (#0); höchster $59 (#59)" in many


def test_less_churn_is_no_bad_news_in_a_chart() -> None:
    given = {"churn_rate": 0.02, "revenue_monthly": 90.0}
    before = {"churn_rate": 0.03, "revenue_monthly": 100.0}

    chart = analyse({**given, "previous": before})["chart"]

    assert BLUE in drawn_after("Churn rate", chart)
    assert RED in drawn_after("Monthly revenue", chart)


def drawn_after(label: str, chart: str) -> str:
    """The bar behind a label."""
    return re.search(r"<rect[^>]*>", chart[chart.rindex(label) :]).group()  # type: ignore[union-attr]


def test_a_forecast_is_drawn_with_both_intervals_and_a_value_that_stands_out_is_marked() -> None:
    metrics = {"mrr": [100, 110, 118, 133, 500, 150, 161, 172]}

    chart = analyse(metrics, action="forecast")["chart"]

    assert chart.count("<polygon") == 2
    assert "stands out from the trend" in chart
    assert "stroke-dasharray" in chart


@pytest.mark.parametrize(
    ("low", "high"), [(0, 1), (-5, 5), (99, 101), (7, 7), (0, 0), (-1e200, 1e200), (1e-9, 2e-9)]
)
def test_the_steps_of_an_axis_enclose_the_values_and_are_few(low: float, high: float) -> None:
    steps = ticks(low, high)

    assert steps[0] <= low
    assert steps[-1] >= high
    assert 2 <= len(steps) <= 8


@pytest.mark.parametrize(
    ("key", "english", "german"),
    [
        ("2026-03", "Mar 2026", "Mär 2026"),
        ("2026-Q1", "Q1 2026", "Q1 2026"),
        ("2026-01-06", "6 Jan 2026", "6. Jan 2026"),
        ("2026", "2026", "2026"),
        ("north", "north", "north"),
    ],
)
def test_a_period_is_written_as_people_read_it(key: str, english: str, german: str) -> None:
    assert (shown_key(key), shown_key(key, "de")) == (english, german)


def test_a_text_without_room_is_clipped_and_broken_at_words() -> None:
    assert clipped("short", 200) == "short"
    assert text_width(clipped(LONG, 100)) <= 100
    assert lines_of("one two three", 60, 2)[0] == "one two"
