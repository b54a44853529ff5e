"""Serves the test service with the stock gRPC server, until its standard input ends. Prints its port first.

usage: exchange_server.py, with the generated exchange_pb2 on PYTHONPATH
"""

import sys
import threading
from concurrent import futures

import grpc
from exchange_pb2 import Note, Number

began = threading.Event()
cancelled = threading.Event()


def echo(note, context):
    if note.text == "wait":
        ended = threading.Event()
        context.add_callback(ended.set)
        began.set()
        ended.wait(15)
        cancelled.set()
    if note.text == "began?":
        return Note(text="yes" if began.is_set() else "no")
    if note.text == "cancelled?":
        return Note(text="yes" if cancelled.is_set() else "no")
    if note.text == "refuse":
        context.set_trailing_metadata((("appchain-reason", "no-funds"), ("x-data-bin", b"\x00\xff"), ("grpc-status-details-bin", b"\x08\x09\xff")))
        context.abort(grpc.StatusCode.FAILED_PRECONDITION, "größer als 100 %\n")
    if note.text == "gzip":
        context.set_compression(grpc.Compression.Gzip)
    entries = tuple((key, value) for key, value in context.invocation_metadata() if key.startswith("x-"))
    context.send_initial_metadata(entries)
    context.set_trailing_metadata(entries)
    return note


def total(numbers, context):
    return Number(value=sum(number.value for number in numbers))


def count(number, context):
    for value in range(1, number.value + 1):
        yield Number(value=value)


def chat(notes, context):
    for note in notes:
        yield note


def handler(kind, behaviour, request, response):
    return kind(behaviour, request_deserializer=request.FromString, response_serializer=response.SerializeToString)


METHODS = {
    "Echo": handler(grpc.unary_unary_rpc_method_handler, echo, Note, Note),
    "Sum": handler(grpc.stream_unary_rpc_method_handler, total, Number, Number),
    "Count": handler(grpc.unary_stream_rpc_method_handler, count, Number, Number),
    "Chat": handler(grpc.stream_stream_rpc_method_handler, chat, Note, Note),
}

if __name__ == "__main__":
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=8))
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("appchain.grpc.tests.Exchange", METHODS),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    sys.stdin.read()
    server.stop(0).wait()
