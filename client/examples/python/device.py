#!/usr/bin/python3
"""Registers a new device with a running devnet, submits one proof, and shows its verdict and a refusal.

Written from protos/appchain/v1 and docs/protocol.md alone: no AppChain library, only gRPC and protobuf as the system has them.
"""
import argparse
import sys
import time

import grpc
from appchain.v1 import node_pb2 as node
from appchain.v1 import transaction_pb2 as tx

import bip340
from keys import P256Key, Secp256k1Key

TIMEOUT_SECONDS = 20
LIFETIME_MS = 10 * 60 * 1000
BATCH = 1  # of the manufacturer: what it can revoke as a whole


class Node:
    """A node's public services over a generic channel."""

    def __init__(self, target):
        self._channel = grpc.insecure_channel(target)

    def call(self, method, request, response_type):
        invoke = self._channel.unary_unary(
            "/appchain.v1." + method,
            request_serializer=type(request).SerializeToString,
            response_deserializer=response_type.FromString,
        )
        return invoke(request, timeout=TIMEOUT_SECONDS)

    def status(self):
        return self.call("StatusService/GetStatus", node.GetStatusRequest(), node.Status)

    def account(self, address):
        return self.call("QueryService/GetAccount", node.GetAccountRequest(address=address), node.Account)

    def device(self, address):
        return self.call("QueryService/GetDevice", node.GetDeviceRequest(address=address), node.Device)

    def service(self, number):
        return self.call("QueryService/GetService", node.GetServiceRequest(service=number), node.Service)

    def submit(self, chain_id, transaction):
        """Answers when the transaction is final."""
        request = node.SubmitRequest(transaction=transaction, chain_id=chain_id, wait=True)
        return self.call("TransactionService/Submit", request, node.SubmitResponse)


def now_ms():
    return time.time_ns() // 1_000_000


def transaction(chain_id, signer, sequence, keys, **message):
    """Encodes the body once, and signs exactly those bytes."""
    body = tx.Body(signer=signer, sequence=sequence, valid_until_ms=now_ms() + LIFETIME_MS, **message).SerializeToString()
    digest = bip340.tagged_hash("AppChain/transaction", bytes([len(chain_id)]), chain_id.encode(), body)
    signatures = [tx.Signature(scheme=key.scheme, public_key=key.public_key, signature=key.sign(digest)) for key in keys]
    return tx.Transaction(body=body, signatures=signatures)


def registration(service, device, manufacturer):
    digest = bip340.tagged_hash("AppChain/attestation", manufacturer.address, BATCH.to_bytes(4, "big"), bytes([device.scheme]), device.public_key)
    return tx.RegisterDevice(
        device_scheme=device.scheme,
        device_public_key=device.public_key,
        service=service,
        manufacturer=manufacturer.address,
        attestation=tx.Signature(
            scheme=manufacturer.scheme, public_key=manufacturer.public_key, signature=manufacturer.sign(digest)
        ),
        latitude_e7=571_497_000,
        longitude_e7=-20_943_000,
        batch=BATCH,
    )


def proof(service, readings):
    """A reading holds every metric of its service, ascending, in the metric's unit x 1000."""
    measurements = [
        tx.Measurement(metric=metric.id, value=round(readings[metric.name] * 1000)) for metric in service.metrics
    ]
    return tx.SubmitProof(
        service=service.id, observed_ms=now_ms(), sensor_reading=tx.SensorReading(measurements=measurements)
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--node", default="127.0.0.1:26600", help="HOST:PORT of a node's public gRPC port")
    parser.add_argument("--service", type=int, default=1, help="number of the service to work for")
    arguments = parser.parse_args()

    chain = Node(arguments.node)
    chain_id = chain.status().chain_id
    service = chain.service(arguments.service)
    owner = Secp256k1Key.from_seed("appchain-devnet/owner/0")
    manufacturer = Secp256k1Key.from_seed("appchain-devnet/manufacturer/0")
    device = P256Key()

    # The owner signs, and the device signs too: it proves that the key exists.
    registered = chain.submit(
        chain_id,
        transaction(
            chain_id, owner.address, chain.account(owner.address).next_sequence, [owner, device],
            register_device=registration(service.id, device, manufacturer),
        ),
    )
    if registered.receipt.reason:
        sys.exit(f"not registered: {registered.reason}: {registered.explanation}")
    print(f"registered  device {device.address.hex()} on {chain_id} at height {registered.height}")

    readings = {"PM10": 12.3, "PM2.5": 5.1}
    final = chain.submit(
        chain_id, transaction(chain_id, device.address, 1, [device], submit_proof=proof(service, readings))
    )
    verdict = final.receipt.verdict
    if final.receipt.reason or verdict.reason:
        sys.exit(f"not accepted: {final.reason}: {final.explanation}")
    print(f"accepted    proof {final.transaction_id.hex()} at height {final.height}: {verdict.units} units in epoch {verdict.epoch}")

    known = chain.device(device.address)
    work = known.enrollments[0]
    print(f"known       {work.proofs_accepted} accepted, {work.proofs_rejected} rejected, next sequence {known.next_sequence}")

    # Another proof under the number that was used: a refusal is a gRPC status, and its trailing metadata names the reason.
    try:
        chain.submit(
            chain_id, transaction(chain_id, device.address, 1, [device], submit_proof=proof(service, readings))
        )
        sys.exit("a sequence number was taken twice")
    except grpc.RpcError as refusal:
        trailers = dict(refusal.trailing_metadata())
        print(f"refused     {refusal.code().name}: {trailers['appchain-reason']} ({trailers['appchain-reason-code']}): {refusal.details()}")


if __name__ == "__main__":
    main()
