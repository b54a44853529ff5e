"""The standard interoperability cases with Debian's stock gRPC for Python.

usage: interop.py client PORT   plays every case, prints "CASE passed" or "CASE failed: WHY"
       interop.py server        serves until its standard input ends, prints its port first
with the generated interop_pb2 and exchange_pb2 on PYTHONPATH
"""

import sys
import traceback
from concurrent import futures

import grpc
from exchange_client import failure
from interop_pb2 import (Empty, BoolValue, EchoStatus, Payload, ResponseParameters, SimpleRequest, SimpleResponse, StreamingInputCallRequest,
                         StreamingInputCallResponse, StreamingOutputCallRequest, StreamingOutputCallResponse)

SERVICE = "grpc.testing.TestService"
WAIT = 15
REQUEST_SIZES = (27182, 8, 1828, 45904)
RESPONSE_SIZES = (31415, 9, 2653, 58979)
INITIAL = "x-grpc-test-echo-initial"
TRAILING = "x-grpc-test-echo-trailing-bin"


def zeros(size):
    return Payload(body=bytes(size))


def large(**more):
    return SimpleRequest(response_size=314159, payload=zeros(271828), **more)


class Client:
    def __init__(self, channel):
        def method(kind, name, request, response, service=SERVICE):
            return kind(f"/{service}/{name}", request_serializer=request.SerializeToString, response_deserializer=response.FromString)

        self.empty = method(channel.unary_unary, "EmptyCall", Empty, Empty)
        self.unary = method(channel.unary_unary, "UnaryCall", SimpleRequest, SimpleResponse)
        self.output = method(channel.unary_stream, "StreamingOutputCall", StreamingOutputCallRequest, StreamingOutputCallResponse)
        self.input = method(channel.stream_unary, "StreamingInputCall", StreamingInputCallRequest, StreamingInputCallResponse)
        self.duplex = method(channel.stream_stream, "FullDuplexCall", StreamingOutputCallRequest, StreamingOutputCallResponse)
        self.unserved = method(channel.unary_unary, "UnimplementedCall", Empty, Empty)
        self.unserved_service = method(channel.unary_unary, "UnimplementedCall", Empty, Empty, "grpc.testing.UnimplementedService")


class Pings:
    """Requests that are sent one by one, each when it is asked for."""

    def __init__(self):
        self.queue = futures.Future()

    def __iter__(self):
        return self

    def __next__(self):
        request, self.queue = self.queue.result(WAIT), futures.Future()
        if request is None:
            raise StopIteration
        return request

    def send(self, request):
        self.queue.set_result(request)


def empty_unary(client):
    assert client.empty(Empty(), timeout=WAIT) == Empty()


def large_unary(client):
    assert client.unary(large(), timeout=WAIT).payload == zeros(314159)


def client_compressed_unary(client):
    expecting = large(expect_compressed=BoolValue(value=True))
    failure(lambda: client.unary(expecting, timeout=WAIT), grpc.StatusCode.INVALID_ARGUMENT)
    assert client.unary(expecting, timeout=WAIT, compression=grpc.Compression.Gzip).payload == zeros(314159)
    assert client.unary(large(expect_compressed=BoolValue(value=False)), timeout=WAIT).payload == zeros(314159)


def server_compressed_unary(client):
    # This API does not show the message's flag: what is asserted is that both forms are read.
    for compressed in (True, False):
        assert client.unary(large(response_compressed=BoolValue(value=compressed)), timeout=WAIT).payload == zeros(314159)


def client_streaming(client):
    requests = (StreamingInputCallRequest(payload=zeros(size)) for size in REQUEST_SIZES)
    assert client.input(requests, timeout=WAIT).aggregated_payload_size == 74922


def client_compressed_streaming(client):
    # Clients of this API compress all messages of a call or none.
    def request(expected, size):
        return StreamingInputCallRequest(payload=zeros(size), expect_compressed=BoolValue(value=expected))

    failure(lambda: client.input(iter([request(True, 27182)]), timeout=WAIT), grpc.StatusCode.INVALID_ARGUMENT)
    compressed = client.input(iter([request(True, 27182), request(True, 45904)]), timeout=WAIT, compression=grpc.Compression.Gzip)
    assert compressed.aggregated_payload_size == 73086
    assert client.input(iter([request(False, 45904)]), timeout=WAIT).aggregated_payload_size == 45904


def server_streaming(client):
    request = StreamingOutputCallRequest(response_parameters=[ResponseParameters(size=size) for size in RESPONSE_SIZES])
    assert [response.payload for response in client.output(request, timeout=WAIT)] == [zeros(size) for size in RESPONSE_SIZES]


def server_compressed_streaming(client):
    parameters = [ResponseParameters(size=31415, compressed=BoolValue(value=True)),
                  ResponseParameters(size=92653, compressed=BoolValue(value=False))]
    responses = client.output(StreamingOutputCallRequest(response_parameters=parameters), timeout=WAIT)
    assert [response.payload for response in responses] == [zeros(31415), zeros(92653)]


def ping(request_size, response_size):
    return StreamingOutputCallRequest(response_parameters=[ResponseParameters(size=response_size)], payload=zeros(request_size))


def ping_pong(client):
    pings = Pings()
    call = client.duplex(pings, timeout=WAIT)
    for request_size, response_size in zip(REQUEST_SIZES, RESPONSE_SIZES):
        pings.send(ping(request_size, response_size))
        assert next(call).payload == zeros(response_size)
    pings.send(None)
    assert next(call, None) is None


def empty_stream(client):
    call = client.duplex(iter([]), timeout=WAIT)
    assert list(call) == [] and call.code() == grpc.StatusCode.OK


def cancel_after_begin(client):
    call = client.input.future(Pings(), timeout=WAIT)
    call.cancel()
    assert call.cancelled() and call.code() == grpc.StatusCode.CANCELLED


def cancel_after_first_response(client):
    pings = Pings()
    call = client.duplex(pings, timeout=WAIT)
    pings.send(ping(REQUEST_SIZES[0], RESPONSE_SIZES[0]))
    assert next(call).payload == zeros(RESPONSE_SIZES[0])
    call.cancel()
    failure(lambda: next(call), grpc.StatusCode.CANCELLED)
    pings.send(None)


def timeout_on_sleeping_server(client):
    pings = Pings()
    call = client.duplex(pings, timeout=0.001)
    pings.send(StreamingOutputCallRequest(payload=zeros(27182)))
    failure(lambda: next(call), grpc.StatusCode.DEADLINE_EXCEEDED)


def status_code_and_message(client, message="test status message"):
    status = EchoStatus(code=grpc.StatusCode.UNKNOWN.value[0], message=message)
    for call in (lambda: client.unary(SimpleRequest(response_status=status), timeout=WAIT),
                 lambda: next(client.duplex(iter([StreamingOutputCallRequest(response_status=status)]), timeout=WAIT))):
        error = failure(call, grpc.StatusCode.UNKNOWN)
        assert error.details() == message, error.details()


def special_status_message(client):
    status_code_and_message(client, "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n")


def custom_metadata(client):
    sent = ((INITIAL, "test_initial_metadata_value"), (TRAILING, b"\xab\xab\xab"))

    def check(call):
        assert dict(call.initial_metadata())[INITIAL] == sent[0][1]
        assert dict(call.trailing_metadata())[TRAILING] == sent[1][1]

    response, call = client.unary.with_call(large(), metadata=sent, timeout=WAIT)
    assert response.payload == zeros(314159)
    check(call)
    call = client.duplex(iter([ping(271828, 314159)]), metadata=sent, timeout=WAIT)
    assert [response.payload for response in call] == [zeros(314159)]
    check(call)


def unimplemented_method(client):
    failure(lambda: client.unserved(Empty(), timeout=WAIT), grpc.StatusCode.UNIMPLEMENTED)


def unimplemented_service(client):
    failure(lambda: client.unserved_service(Empty(), timeout=WAIT), grpc.StatusCode.UNIMPLEMENTED)


CASES = [empty_unary, large_unary, client_compressed_unary, server_compressed_unary, client_streaming, client_compressed_streaming,
         server_streaming, server_compressed_streaming, ping_pong, empty_stream, cancel_after_begin, cancel_after_first_response,
         timeout_on_sleeping_server, status_code_and_message, special_status_message, custom_metadata, unimplemented_method,
         unimplemented_service]


def play(port):
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        client = Client(channel)
        for case in CASES:
            try:
                case(client)
                print(case.__name__, "passed", flush=True)
            except Exception:
                print(case.__name__, "failed:", " | ".join(traceback.format_exc().splitlines()), flush=True)


def echo_metadata(context):
    metadata = dict(context.invocation_metadata())
    if INITIAL in metadata:
        context.send_initial_metadata(((INITIAL, metadata[INITIAL]),))
    if TRAILING in metadata:
        context.set_trailing_metadata(((TRAILING, metadata[TRAILING]),))


def refuse_as_asked(request, context):
    if request.HasField("response_status"):
        code = next(code for code in grpc.StatusCode if code.value[0] == request.response_status.code)
        context.abort(code, request.response_status.message)


def serve_unary(request, context):
    if request.response_compressed.value:
        context.set_compression(grpc.Compression.Gzip)
    echo_metadata(context)
    refuse_as_asked(request, context)
    return SimpleResponse(payload=zeros(request.response_size))


def serve_output(request, context):
    refuse_as_asked(request, context)
    if any(parameters.compressed.value for parameters in request.response_parameters):
        context.set_compression(grpc.Compression.Gzip)
    for parameters in request.response_parameters:
        if not parameters.compressed.value:
            context.disable_next_message_compression()
        yield StreamingOutputCallResponse(payload=zeros(parameters.size))


def serve_input(requests, context):
    return StreamingInputCallResponse(aggregated_payload_size=sum(len(request.payload.body) for request in requests))


def serve_duplex(requests, context):
    echo_metadata(context)
    for request in requests:
        yield from serve_output(request, context)


def handler(kind, behaviour, request, response):
    return kind(behaviour, request_deserializer=request.FromString, response_serializer=response.SerializeToString)


METHODS = {
    "EmptyCall": handler(grpc.unary_unary_rpc_method_handler, lambda request, context: Empty(), Empty, Empty),
    "UnaryCall": handler(grpc.unary_unary_rpc_method_handler, serve_unary, SimpleRequest, SimpleResponse),
    "StreamingOutputCall": handler(
        grpc.unary_stream_rpc_method_handler, serve_output, StreamingOutputCallRequest, StreamingOutputCallResponse),
    "StreamingInputCall": handler(grpc.stream_unary_rpc_method_handler, serve_input, StreamingInputCallRequest, StreamingInputCallResponse),
    "FullDuplexCall": handler(
        grpc.stream_stream_rpc_method_handler, serve_duplex, StreamingOutputCallRequest, StreamingOutputCallResponse),
}


def serve():
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=8))
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, METHODS),))
    print(server.add_insecure_port("127.0.0.1:0"), flush=True)
    server.start()
    sys.stdin.read()
    server.stop(0).wait()


if __name__ == "__main__":
    if sys.argv[1] == "server":
        serve()
    else:
        play(sys.argv[2])
