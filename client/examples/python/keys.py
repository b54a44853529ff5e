"""The two kinds of key that AppChain knows, and what follows from a key: its address."""
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

import bip340

SECP256K1, P256 = 1, 2


def address(scheme, public_key):
    return bip340.tagged_hash("AppChain/address", bytes([scheme]), public_key)[:20]


class Secp256k1Key:
    """BIP-340, the chain's usual kind. Here: the devnet's owner and manufacturer, whose secrets come from public texts."""

    scheme = SECP256K1

    def __init__(self, secret):
        self._secret = secret
        self.public_key = bip340.public_key(secret)
        self.address = address(self.scheme, self.public_key)

    @classmethod
    def from_seed(cls, text):
        for attempt in range(256):
            secret = bip340.tagged_hash("AppChain/seed", bytes([cls.scheme, attempt]), text.encode())
            if bip340.is_secret(secret):
                return cls(secret)
        raise ValueError(text)

    def sign(self, digest):
        return bip340.sign(self._secret, digest)


class P256Key:
    """ECDSA over P-256 with SHA-256: what a secure element, a TPM or a phone signs with. Here: the device."""

    scheme = P256

    def __init__(self):
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.public_key = self._key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint
        )
        self.address = address(self.scheme, self.public_key)

    def sign(self, digest):
        # The 32-byte digest is the message: it is hashed once more, as such hardware does. r || s, not DER.
        r, s = decode_dss_signature(self._key.sign(digest, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")
