"""An identity provider for tests: a discovery document and keys over real HTTP, and the tokens that they sign."""

import contextlib
import time

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from .serving import running

AUDIENCE = "api://helpdesk"
# Made once: a key of this kind takes a tenth of a second and more.
FIRST, SECOND, STRANGER = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(3))
CURVE = ec.generate_private_key(ec.SECP256R1())


class Provider:
    """What it says can be changed while it runs."""

    def __init__(self, issuer):
        self.issuer = issuer
        self.reset()

    def reset(self):
        self.calls_itself = self.issuer
        self.keys = {"first": FIRST}
        self.more_keys = []
        self.status = 200
        self.fetches = 0

    def app(self):
        return Starlette(
            routes=[Route("/.well-known/openid-configuration", self._about), Route("/keys", self._jwks)]
        )

    def token(self, key="first", alg="RS256", private=None, **claims):
        """A token signed by one of the provider's keys; a claim that is None is left out."""
        now = time.time()
        said = {
            "iss": self.issuer,
            "aud": AUDIENCE,
            "sub": "subject-1",
            "email": "jens@example.com",
            "roles": ["Helpdesk.Write"],
            "iat": now,
            "exp": now + 300,
            **claims,
        }
        said = {name: value for name, value in said.items() if value is not None}
        return jwt.encode(
            said, private or self.keys[key], algorithm=alg, headers={"kid": key} if key else None
        )

    async def _about(self, _):
        return JSONResponse({"issuer": self.calls_itself, "jwks_uri": f"{self.issuer}/keys"}, self.status)

    async def _jwks(self, _):
        self.fetches += 1
        return JSONResponse({"keys": [*map(_public, self.keys.items()), *self.more_keys]}, self.status)


def _public(named):
    name, private = named
    kind = (
        jwt.algorithms.RSAAlgorithm if isinstance(private, rsa.RSAPrivateKey) else jwt.algorithms.ECAlgorithm
    )
    return {**kind.to_jwk(private.public_key(), as_dict=True), "kid": name, "use": "sig"}


@contextlib.asynccontextmanager
async def providing():
    """Run a provider; yields it."""
    made = []

    def make(port):
        made.append(Provider(f"http://127.0.0.1:{port}"))
        return made[0].app()

    async with running(make):
        yield made[0]
