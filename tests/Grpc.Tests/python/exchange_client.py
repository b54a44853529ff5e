"""Calls the test service with the stock gRPC client: one case per run. A failed assertion is a failed run.

usage: exchange_client.py PORT CASE, with the generated exchange_pb2 on PYTHONPATH
"""

import sys
import time

import grpc
from exchange_pb2 import Note, Number

SERVICE = "/appchain.grpc.tests.Exchange/"
WAIT = 15


class Client:
    def __init__(self, channel):
        def method(kind, name, request, response):
            return kind(SERVICE + name, request_serializer=request.SerializeToString, response_deserializer=response.FromString)

        self.echo = method(channel.unary_unary, "Echo", Note, Note)
        self.sum = method(channel.stream_unary, "Sum", Number, Number)
        self.count = method(channel.unary_stream, "Count", Number, Number)
        self.chat = method(channel.stream_stream, "Chat", Note, Note)
        self.nothing = method(channel.unary_unary, "Nothing", Note, Note)


def failure(call, code):
    try:
        call()
    except grpc.RpcError as error:
        assert error.code() == code, f"{error.code()} and not {code}: {error.details()}"
        return error
    raise AssertionError(f"no failure; {code} expected")


def unary(client):
    assert client.echo(Note(text="grüße"), timeout=WAIT).text == "grüße"


def client_streaming(client):
    assert client.sum((Number(value=n) for n in range(1001)), timeout=WAIT).value == 500500


def server_streaming(client):
    assert [n.value for n in client.count(Number(value=1000), timeout=WAIT)] == list(range(1, 1001))


def duplex(client):
    notes = [f"{n}" for n in range(200)]
    assert [note.text for note in client.chat((Note(text=n) for n in notes), timeout=WAIT)] == notes


def large(client):
    payload = bytes(range(256)) * 4096
    assert client.echo(Note(payload=payload), timeout=WAIT).payload == payload


def gzip(client):
    text = "compressible " * 1000
    response, call = client.echo.with_call(Note(text=text), timeout=WAIT, compression=grpc.Compression.Gzip)
    assert response.text == text
    assert dict(call.initial_metadata()).get("x-encoding") == "gzip", call.initial_metadata()


def deadline(client):
    start = time.monotonic()
    failure(lambda: client.echo(Note(text="wait"), timeout=0.3), grpc.StatusCode.DEADLINE_EXCEEDED)
    assert 0.25 < time.monotonic() - start < 10


def until_yes(client, question):
    end = time.monotonic() + WAIT
    while client.echo(Note(text=question), timeout=WAIT).text != "yes":
        assert time.monotonic() < end, f"{question} never became true"


def cancel(client):
    waiting = client.echo.future(Note(text="wait"), timeout=WAIT)
    until_yes(client, "began?")  # a call that is cancelled before its message went out leaves no trace
    waiting.cancel()
    assert waiting.code() == grpc.StatusCode.CANCELLED
    until_yes(client, "cancelled?")


def metadata(client):
    sent = (("x-text", "some text"), ("x-data-bin", bytes([0, 1, 254, 255])))
    response, call = client.echo.with_call(Note(), metadata=sent, timeout=WAIT)
    for got in (call.initial_metadata(), call.trailing_metadata()):
        got = {key: value for key, value in got}
        assert all(got.get(key) == value for key, value in sent), got


def status(client):
    error = failure(lambda: client.echo(Note(text="refuse"), timeout=WAIT), grpc.StatusCode.FAILED_PRECONDITION)
    assert error.details() == "größer als 100 %\n", error.details()
    trailers = dict(error.trailing_metadata())
    assert trailers["appchain-reason"] == "no-funds"
    assert trailers["grpc-status-details-bin"] == bytes([8, 9, 0, 255])


def exception(client):
    error = failure(lambda: client.echo(Note(text="throw"), timeout=WAIT), grpc.StatusCode.UNKNOWN)
    assert "secret" not in error.details()


def unimplemented(client):
    failure(lambda: client.nothing(Note(), timeout=WAIT), grpc.StatusCode.UNIMPLEMENTED)


def oversize(client):
    failure(lambda: client.echo(Note(payload=bytes(4 * 1024 * 1024)), timeout=WAIT), grpc.StatusCode.RESOURCE_EXHAUSTED)


if __name__ == "__main__":
    port, case = sys.argv[1:]
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        globals()[case](Client(channel))
    print("passed")
