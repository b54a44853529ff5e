"""BIP-340 Schnorr signatures over secp256k1, in as few lines as possible: for examples, not for secrets that matter.

Python's integers take a time that depends on their values, so this leaks the key to whoever can measure it.
"""
import hashlib

P = 2**256 - 2**32 - 977
N = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
G = (
    0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798,
    0x483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8,
)


def tagged_hash(tag, *parts):
    """H(H(tag) || H(tag) || message), as in BIP-340; AppChain uses it for everything that it hashes."""
    prefix = hashlib.sha256(tag.encode()).digest()
    return hashlib.sha256(prefix + prefix + b"".join(parts)).digest()


def _add(a, b):
    if a is None:
        return b
    if b is None:
        return a
    if a[0] == b[0] and a[1] != b[1]:
        return None
    slope = 3 * a[0] * a[0] * pow(2 * a[1], -1, P) if a == b else (b[1] - a[1]) * pow(b[0] - a[0], -1, P)
    x = (slope * slope - a[0] - b[0]) % P
    return x, (slope * (a[0] - x) - a[1]) % P


def _multiply(scalar, point=G):
    result = None
    while scalar:
        if scalar & 1:
            result = _add(result, point)
        point = _add(point, point)
        scalar >>= 1
    return result


def _bytes(number):
    return number.to_bytes(32, "big")


def is_secret(secret):
    return 0 < int.from_bytes(secret, "big") < N


def public_key(secret):
    """32 bytes: x only."""
    return _bytes(_multiply(int.from_bytes(secret, "big"))[0])


def sign(secret, digest, auxiliary=bytes(32)):
    """64 bytes over a 32-byte digest."""
    point = _multiply(int.from_bytes(secret, "big"))
    key = int.from_bytes(secret, "big") if point[1] % 2 == 0 else N - int.from_bytes(secret, "big")
    masked = key ^ int.from_bytes(tagged_hash("BIP0340/aux", auxiliary), "big")
    nonce = int.from_bytes(tagged_hash("BIP0340/nonce", _bytes(masked), _bytes(point[0]), digest), "big") % N
    commitment = _multiply(nonce)
    if commitment[1] % 2:
        nonce = N - nonce
    challenge = int.from_bytes(tagged_hash("BIP0340/challenge", _bytes(commitment[0]), _bytes(point[0]), digest), "big") % N
    return _bytes(commitment[0]) + _bytes((nonce + challenge * key) % N)
