"""What each channel needs before it can go live: variables, permissions, and where they are had."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from streams.domain.values import Channel


@dataclass(frozen=True, slots=True)
class Guide:
    """How a channel is connected. Variables are without the prefix; `optional` ones have a usual
    value or add something."""

    variables: Mapping[str, str]
    optional: Mapping[str, str]
    permissions: tuple[str, ...]
    steps: tuple[str, ...]
    pages: tuple[str, ...]
    engagement: str


GUIDES: Mapping[Channel, Guide] = MappingProxyType(
    {
        Channel.LINKEDIN: Guide(
            variables={
                "linkedin_token": "an OAuth 2.0 access token of the member who posts",
                "linkedin_author": "urn:li:person:ID for the member, urn:li:organization:ID for "
                "a page",
            },
            optional={
                "linkedin_version": "of the API, YYYYMM; versions are sunset after about a year",
                "linkedin_url": "another address: https, or http on this machine",
            },
            permissions=(
                "w_member_social (to post as the member)",
                "w_organization_social (to post as an organization, of which the member must be "
                "an administrator or content administrator)",
                "openid, profile (for `channels test`)",
                "r_member_postAnalytics, or rw_organization_admin for a page (for engagement)",
            ),
            steps=(
                "make an app at https://www.linkedin.com/developers/apps and add the products "
                "'Share on LinkedIn' and 'Sign In with LinkedIn using OpenID Connect'",
                "get a token with these permissions from the app's OAuth 2.0 tools; it is valid "
                "for 60 days",
                "`channels test linkedin` says which urn:li:person:ID the token is of",
            ),
            pages=(
                "Posts API: https://learn.microsoft.com/en-us/linkedin/marketing/"
                "community-management/shares/posts-api",
                "Sign In with LinkedIn: https://learn.microsoft.com/en-us/linkedin/consumer/"
                "integrations/self-serve/sign-in-with-linkedin-v2",
            ),
            engagement="impressions, comments and shares; clicks for an organization's posts",
        ),
        Channel.TWITTER: Guide(
            variables={"x_token": "an OAuth 2.0 user access token; or a refresh token alone"},
            optional={
                "x_refresh_token": "renews the token, which is valid for two hours",
                "x_client_id": "of the app; needed to renew",
                "x_client_secret": "of a confidential app; needed to renew there",
                "x_url": "another address: https, or http on this machine",
            },
            permissions=("tweet.read", "tweet.write", "users.read", "offline.access (to renew)"),
            steps=(
                "make an app at https://developer.x.com and switch OAuth 2.0 on",
                "authorise it for your account with these scopes (authorization code flow "
                "with PKCE)",
                "give the refresh token and the client id, or the token expires in two hours",
            ),
            pages=(
                "Create a post: https://docs.x.com/x-api/posts/create-or-edit-post",
                "OAuth 2.0: https://docs.x.com/resources/fundamentals/authentication/oauth-2-0/"
                "authorization-code",
            ),
            engagement="impressions, likes, comments (replies) and shares (reposts and quotes)",
        ),
        Channel.EMAIL: Guide(
            variables={
                "smtp_host": "the mail server",
                "smtp_from": "the sender: ann@example.com, or Ann <ann@example.com>",
                "smtp_recipients": "addresses with commas, or @FILE with one a line",
                "smtp_unsubscribe_mail": "where people write to get no more; or "
                "ORCHESTRATOR_SMTP_UNSUBSCRIBE_URL",
            },
            optional={
                "smtp_port": "587 for starttls, 465 for tls",
                "smtp_security": "starttls (usual), tls, or none on this machine alone",
                "smtp_user": "and ORCHESTRATOR_SMTP_PASSWORD, if the server wants them",
                "smtp_unsubscribe_url": "https; with {recipient} in it each message names its "
                "recipient there, and mail programs offer one click (RFC 8058)",
                "smtp_ca_file": "certificates to trust, for a server of your own",
            },
            permissions=("to send from this address; the server should sign by DKIM",),
            steps=(
                "put the recipients into a file, one address a line",
                "`channels test email` logs in and sends nothing",
            ),
            pages=(
                "RFC 8058 (one-click): https://www.rfc-editor.org/rfc/rfc8058",
                "RFC 8314 (TLS): https://www.rfc-editor.org/rfc/rfc8314",
            ),
            engagement="none: SMTP tells nothing about readers, and nobody is tracked",
        ),
    }
)
