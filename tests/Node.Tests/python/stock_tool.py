"""Does what a stock gRPC tool does with a node that it knows nothing of: asks its health, learns its services by reflection, calls one.

usage: stock_tool.py PORT, with health_pb2 and reflection_pb2 (both versions) generated from gRPC's standard schemas on PYTHONPATH
"""

import sys

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from health.v1 import health_pb2
from reflection.v1 import reflection_pb2
from reflection.v1alpha import reflection_pb2 as alpha_pb2

WAIT = 20


def ask(channel, version, messages, **question):
    call = channel.stream_stream(
        f"/grpc.reflection.{version}.ServerReflection/ServerReflectionInfo",
        request_serializer=messages.ServerReflectionRequest.SerializeToString,
        response_deserializer=messages.ServerReflectionResponse.FromString)
    return next(call(iter([messages.ServerReflectionRequest(**question)]), timeout=WAIT))


def health(channel, service):
    check = channel.unary_unary(
        "/grpc.health.v1.Health/Check",
        request_serializer=health_pb2.HealthCheckRequest.SerializeToString,
        response_deserializer=health_pb2.HealthCheckResponse.FromString)
    return check(health_pb2.HealthCheckRequest(service=service), timeout=WAIT).status


def watch_until_serving(channel):
    watch = channel.unary_stream(
        "/grpc.health.v1.Health/Watch",
        request_serializer=health_pb2.HealthCheckRequest.SerializeToString,
        response_deserializer=health_pb2.HealthCheckResponse.FromString)
    call = watch(health_pb2.HealthCheckRequest(), timeout=WAIT)
    for response in call:
        if response.status == health_pb2.HealthCheckResponse.SERVING:
            call.cancel()
            return
    raise AssertionError("the watch ended")


def play(channel):
    watch_until_serving(channel)
    assert health(channel, "appchain.v1.StatusService") == health_pb2.HealthCheckResponse.SERVING

    for version, messages in (("v1", reflection_pb2), ("v1alpha", alpha_pb2)):
        services = [service.name for service in ask(channel, version, messages, list_services="*").list_services_response.service]
        assert "appchain.v1.StatusService" in services, services

        # The schema as the node tells it is all that this call is made with.
        pool = descriptor_pool.DescriptorPool()
        answer = ask(channel, version, messages, file_containing_symbol="appchain.v1.StatusService.GetStatus")
        for file in reversed(answer.file_descriptor_response.file_descriptor_proto):
            pool.Add(descriptor_pb2.FileDescriptorProto.FromString(file))
        method = pool.FindServiceByName("appchain.v1.StatusService").methods_by_name["GetStatus"]
        factory = message_factory.MessageFactory(pool)
        request, response = factory.GetPrototype(method.input_type), factory.GetPrototype(method.output_type)
        get_status = channel.unary_unary(
            f"/{method.containing_service.full_name}/{method.name}",
            request_serializer=request.SerializeToString, response_deserializer=response.FromString)
        status = get_status(request(), timeout=WAIT, compression=grpc.Compression.Gzip)
        assert status.chain_id and len(status.genesis_hash) == 32, status


if __name__ == "__main__":
    with grpc.insecure_channel(f"127.0.0.1:{sys.argv[1]}") as node:
        play(node)
    print("passed")
