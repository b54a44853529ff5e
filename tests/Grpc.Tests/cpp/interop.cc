// The standard interoperability cases with Debian's stock gRPC for C++, which shows whether a message came compressed.
//
// usage: interop client PORT   plays every case, prints "CASE passed" or "CASE failed: WHY"
//        interop server        serves until its standard input ends, prints its port first
#include <grpcpp/grpcpp.h>

#include <chrono>
#include <functional>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "interop.grpc.pb.h"

// Exported for gRPC's own tests; no header declares them to others.
uint32_t grpc_call_test_only_get_message_flags(grpc_call* call);

namespace grpc::testing {

// The friends that gRPC's contexts name for its own tests.
struct InteropClientContextInspector {
  static uint32_t Flags(const ClientContext& context) { return grpc_call_test_only_get_message_flags(context.call_); }
};
struct InteropServerContextInspector {
  static uint32_t Flags(const ServerContextBase& context) { return grpc_call_test_only_get_message_flags(context.call_.call); }
};

namespace {

// What gRPC leaves in the flags of a message that it has decompressed (GRPC_WRITE_INTERNAL_TEST_ONLY_WAS_COMPRESSED).
constexpr uint32_t kCompressed = 0x40000000u;
constexpr int kRequestSizes[] = {27182, 8, 1828, 45904};
constexpr int kResponseSizes[] = {31415, 9, 2653, 58979};
constexpr char kInitial[] = "x-grpc-test-echo-initial";
constexpr char kTrailing[] = "x-grpc-test-echo-trailing-bin";

void Check(bool holds, const std::string& what) {
  if (!holds) throw std::runtime_error(what);
}
void CheckCode(const Status& status, StatusCode expected) {
  Check(status.error_code() == expected, "status " + std::to_string(status.error_code()) + " " + status.error_message());
}
void CheckZeros(int size, const Payload& payload) { Check(payload.body() == std::string(size, '\0'), "not " + std::to_string(size) + " zeros"); }
void CheckFlag(const ClientContext& context, bool compressed) {
  Check(((InteropClientContextInspector::Flags(context) & kCompressed) != 0) == compressed, "the response's compressed flag");
}

SimpleRequest Large() {
  SimpleRequest request;
  request.set_response_size(314159);
  request.mutable_payload()->set_body(std::string(271828, '\0'));
  return request;
}

StreamingOutputCallRequest Ping(int request_size, int response_size) {
  StreamingOutputCallRequest request;
  request.add_response_parameters()->set_size(response_size);
  request.mutable_payload()->set_body(std::string(request_size, '\0'));
  return request;
}

struct Context : ClientContext {
  Context() { set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(15)); }
};

struct Player {
  std::unique_ptr<TestService::Stub> stub;
  std::unique_ptr<UnimplementedService::Stub> unserved;

  void Unary(const SimpleRequest& request, StatusCode expected = StatusCode::OK, bool compress = false) {
    Context context;
    if (compress) context.set_compression_algorithm(GRPC_COMPRESS_GZIP);
    SimpleResponse response;
    CheckCode(stub->UnaryCall(&context, request, &response), expected);
    if (expected != StatusCode::OK) return;
    CheckZeros(314159, response.payload());
    if (request.has_response_compressed()) CheckFlag(context, request.response_compressed().value());
  }

  void EmptyUnary() {
    Context context;
    Empty response;
    CheckCode(stub->EmptyCall(&context, Empty(), &response), StatusCode::OK);
  }

  void ClientCompressedUnary() {
    auto request = Large();
    request.mutable_expect_compressed()->set_value(true);
    Unary(request, StatusCode::INVALID_ARGUMENT);
    Unary(request, StatusCode::OK, true);
    request.mutable_expect_compressed()->set_value(false);
    Unary(request);
  }

  void ServerCompressedUnary() {
    for (bool compressed : {true, false}) {
      auto request = Large();
      request.mutable_response_compressed()->set_value(compressed);
      Unary(request);
    }
  }

  void ClientStreaming() {
    Context context;
    StreamingInputCallResponse response;
    auto call = stub->StreamingInputCall(&context, &response);
    for (int size : kRequestSizes) {
      StreamingInputCallRequest request;
      request.mutable_payload()->set_body(std::string(size, '\0'));
      Check(call->Write(request), "write");
    }
    call->WritesDone();
    CheckCode(call->Finish(), StatusCode::OK);
    Check(response.aggregated_payload_size() == 74922, "size");
  }

  void ClientCompressedStreaming() {
    StreamingInputCallRequest request;
    request.mutable_expect_compressed()->set_value(true);
    request.mutable_payload()->set_body(std::string(27182, '\0'));
    StreamingInputCallResponse response;
    {
      Context context;
      auto probe = stub->StreamingInputCall(&context, &response);
      probe->Write(request);
      probe->WritesDone();
      CheckCode(probe->Finish(), StatusCode::INVALID_ARGUMENT);
    }
    Context context;
    context.set_compression_algorithm(GRPC_COMPRESS_GZIP);
    auto call = stub->StreamingInputCall(&context, &response);
    Check(call->Write(request), "write compressed");
    request.mutable_expect_compressed()->set_value(false);
    request.mutable_payload()->set_body(std::string(45904, '\0'));
    Check(call->Write(request, WriteOptions().set_no_compression()), "write as it is");
    call->WritesDone();
    CheckCode(call->Finish(), StatusCode::OK);
    Check(response.aggregated_payload_size() == 73086, "size");
  }

  void ServerStreaming() {
    Context context;
    StreamingOutputCallRequest request;
    for (int size : kResponseSizes) request.add_response_parameters()->set_size(size);
    auto call = stub->StreamingOutputCall(&context, request);
    StreamingOutputCallResponse response;
    for (int size : kResponseSizes) {
      Check(call->Read(&response), "read");
      CheckZeros(size, response.payload());
    }
    Check(!call->Read(&response), "end");
    CheckCode(call->Finish(), StatusCode::OK);
  }

  void ServerCompressedStreaming() {
    Context context;
    StreamingOutputCallRequest request;
    for (auto [size, compressed] : {std::pair(31415, true), std::pair(92653, false)}) {
      auto* parameters = request.add_response_parameters();
      parameters->set_size(size);
      parameters->mutable_compressed()->set_value(compressed);
    }
    auto call = stub->StreamingOutputCall(&context, request);
    StreamingOutputCallResponse response;
    for (const auto& parameters : request.response_parameters()) {
      Check(call->Read(&response), "read");
      CheckZeros(parameters.size(), response.payload());
      CheckFlag(context, parameters.compressed().value());
    }
    Check(!call->Read(&response), "end");
    CheckCode(call->Finish(), StatusCode::OK);
  }

  void PingPong() {
    Context context;
    auto call = stub->FullDuplexCall(&context);
    StreamingOutputCallResponse response;
    for (int i = 0; i < 4; i++) {
      Check(call->Write(Ping(kRequestSizes[i], kResponseSizes[i])), "write");
      Check(call->Read(&response), "read");
      CheckZeros(kResponseSizes[i], response.payload());
    }
    call->WritesDone();
    Check(!call->Read(&response), "end");
    CheckCode(call->Finish(), StatusCode::OK);
  }

  void EmptyStream() {
    Context context;
    auto call = stub->FullDuplexCall(&context);
    call->WritesDone();
    StreamingOutputCallResponse response;
    Check(!call->Read(&response), "end");
    CheckCode(call->Finish(), StatusCode::OK);
  }

  void CancelAfterBegin() {
    Context context;
    StreamingInputCallResponse response;
    auto call = stub->StreamingInputCall(&context, &response);
    context.TryCancel();
    CheckCode(call->Finish(), StatusCode::CANCELLED);
  }

  void CancelAfterFirstResponse() {
    Context context;
    auto call = stub->FullDuplexCall(&context);
    Check(call->Write(Ping(kRequestSizes[0], kResponseSizes[0])), "write");
    StreamingOutputCallResponse response;
    Check(call->Read(&response), "read");
    CheckZeros(kResponseSizes[0], response.payload());
    context.TryCancel();
    CheckCode(call->Finish(), StatusCode::CANCELLED);
  }

  void TimeoutOnSleepingServer() {
    ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(1));
    auto call = stub->FullDuplexCall(&context);
    StreamingOutputCallRequest request;
    request.mutable_payload()->set_body(std::string(27182, '\0'));
    call->Write(request);
    CheckCode(call->Finish(), StatusCode::DEADLINE_EXCEEDED);
  }

  void StatusComesBack(const std::string& message) {
    EchoStatus status;
    status.set_code(StatusCode::UNKNOWN);
    status.set_message(message);
    const auto check = [&](const Status& got) {
      CheckCode(got, StatusCode::UNKNOWN);
      Check(got.error_message() == message, got.error_message());
    };
    SimpleRequest unary;
    *unary.mutable_response_status() = status;
    SimpleResponse response;
    Context one;
    check(stub->UnaryCall(&one, unary, &response));
    StreamingOutputCallRequest request;
    *request.mutable_response_status() = status;
    Context two;
    auto call = stub->FullDuplexCall(&two);
    call->Write(request);
    call->WritesDone();
    StreamingOutputCallResponse none;
    Check(!call->Read(&none), "end");
    check(call->Finish());
  }

  void CustomMetadata() {
    const std::string text = "test_initial_metadata_value", bytes = "\xab\xab\xab";
    const auto send = [&](ClientContext& context) {
      context.AddMetadata(kInitial, text);
      context.AddMetadata(kTrailing, bytes);
    };
    const auto check = [&](const ClientContext& context) {
      const auto initial = context.GetServerInitialMetadata().find(kInitial);
      Check(initial != context.GetServerInitialMetadata().end() && initial->second == text, "initial metadata");
      const auto trailing = context.GetServerTrailingMetadata().find(kTrailing);
      Check(trailing != context.GetServerTrailingMetadata().end() && trailing->second == bytes, "trailing metadata");
    };
    Context one;
    send(one);
    SimpleResponse response;
    CheckCode(stub->UnaryCall(&one, Large(), &response), StatusCode::OK);
    CheckZeros(314159, response.payload());
    check(one);
    Context two;
    send(two);
    auto call = stub->FullDuplexCall(&two);
    Check(call->Write(Ping(271828, 314159)), "write");
    call->WritesDone();
    StreamingOutputCallResponse streamed;
    Check(call->Read(&streamed), "read");
    CheckZeros(314159, streamed.payload());
    Check(!call->Read(&streamed), "end");
    CheckCode(call->Finish(), StatusCode::OK);
    check(two);
  }

  void UnimplementedMethod() {
    Context context;
    Empty response;
    CheckCode(stub->UnimplementedCall(&context, Empty(), &response), StatusCode::UNIMPLEMENTED);
  }

  void UnservedService() {
    Context context;
    Empty response;
    CheckCode(unserved->UnimplementedCall(&context, Empty(), &response), StatusCode::UNIMPLEMENTED);
  }
};

void Play(const std::string& port) {
  const auto channel = CreateChannel("127.0.0.1:" + port, InsecureChannelCredentials());
  Player player{TestService::NewStub(channel), UnimplementedService::NewStub(channel)};
  const std::vector<std::pair<std::string, std::function<void()>>> cases = {
      {"empty_unary", [&] { player.EmptyUnary(); }},
      {"large_unary", [&] { player.Unary(Large()); }},
      {"client_compressed_unary", [&] { player.ClientCompressedUnary(); }},
      {"server_compressed_unary", [&] { player.ServerCompressedUnary(); }},
      {"client_streaming", [&] { player.ClientStreaming(); }},
      {"client_compressed_streaming", [&] { player.ClientCompressedStreaming(); }},
      {"server_streaming", [&] { player.ServerStreaming(); }},
      {"server_compressed_streaming", [&] { player.ServerCompressedStreaming(); }},
      {"ping_pong", [&] { player.PingPong(); }},
      {"empty_stream", [&] { player.EmptyStream(); }},
      {"cancel_after_begin", [&] { player.CancelAfterBegin(); }},
      {"cancel_after_first_response", [&] { player.CancelAfterFirstResponse(); }},
      {"timeout_on_sleeping_server", [&] { player.TimeoutOnSleepingServer(); }},
      {"status_code_and_message", [&] { player.StatusComesBack("test status message"); }},
      {"special_status_message", [&] { player.StatusComesBack("\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n"); }},
      {"custom_metadata", [&] { player.CustomMetadata(); }},
      {"unimplemented_method", [&] { player.UnimplementedMethod(); }},
      {"unimplemented_service", [&] { player.UnservedService(); }},
  };
  for (const auto& [name, run] : cases) {
    try {
      run();
      std::cout << name << " passed" << std::endl;
    } catch (const std::exception& error) {
      std::cout << name << " failed: " << error.what() << std::endl;
    }
  }
}

class Service final : public TestService::Service {
  static void EchoMetadata(ServerContext* context) {
    const auto& metadata = context->client_metadata();
    if (const auto entry = metadata.find(kInitial); entry != metadata.end())
      context->AddInitialMetadata(kInitial, std::string(entry->second.begin(), entry->second.end()));
    if (const auto entry = metadata.find(kTrailing); entry != metadata.end())
      context->AddTrailingMetadata(kTrailing, std::string(entry->second.begin(), entry->second.end()));
  }

  template <typename Request>
  static bool AsExpected(const ServerContext& context, const Request& request) {
    const bool compressed = (InteropServerContextInspector::Flags(context) & kCompressed) != 0;
    return !request.has_expect_compressed() || request.expect_compressed().value() == compressed;
  }

  static const Status& Unexpected() {
    static const Status status(StatusCode::INVALID_ARGUMENT, "the request's compressed flag");
    return status;
  }

  Status EmptyCall(ServerContext*, const Empty*, Empty*) override { return Status::OK; }

  Status UnaryCall(ServerContext* context, const SimpleRequest* request, SimpleResponse* response) override {
    EchoMetadata(context);
    if (!AsExpected(*context, *request)) return Unexpected();
    if (request->has_response_status())
      return Status(static_cast<StatusCode>(request->response_status().code()), request->response_status().message());
    if (request->response_compressed().value()) context->set_compression_algorithm(GRPC_COMPRESS_GZIP);
    response->mutable_payload()->set_body(std::string(request->response_size(), '\0'));
    return Status::OK;
  }

  Status StreamingInputCall(
      ServerContext* context, ServerReader<StreamingInputCallRequest>* reader, StreamingInputCallResponse* response) override {
    StreamingInputCallRequest request;
    int size = 0;
    while (reader->Read(&request)) {
      if (!AsExpected(*context, request)) return Unexpected();
      size += static_cast<int>(request.payload().body().size());
    }
    response->set_aggregated_payload_size(size);
    return Status::OK;
  }

  template <typename Writer>
  static Status Answer(const StreamingOutputCallRequest& request, Writer* writer) {
    if (request.has_response_status())
      return Status(static_cast<StatusCode>(request.response_status().code()), request.response_status().message());
    for (const auto& parameters : request.response_parameters()) {
      StreamingOutputCallResponse response;
      response.mutable_payload()->set_body(std::string(parameters.size(), '\0'));
      WriteOptions options;
      if (!parameters.compressed().value()) options.set_no_compression();
      writer->Write(response, options);
    }
    return Status::OK;
  }

  Status StreamingOutputCall(
      ServerContext* context, const StreamingOutputCallRequest* request, ServerWriter<StreamingOutputCallResponse>* writer) override {
    context->set_compression_algorithm(GRPC_COMPRESS_GZIP);
    return Answer(*request, writer);
  }

  Status FullDuplexCall(
      ServerContext* context, ServerReaderWriter<StreamingOutputCallResponse, StreamingOutputCallRequest>* stream) override {
    EchoMetadata(context);
    StreamingOutputCallRequest request;
    while (stream->Read(&request)) {
      if (const auto status = Answer(request, stream); !status.ok()) return status;
    }
    return Status::OK;
  }
};

void Serve() {
  Service service;
  int port = 0;
  ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", InsecureServerCredentials(), &port);
  builder.RegisterService(&service);
  const auto server = builder.BuildAndStart();
  std::cout << port << std::endl;
  while (std::cin.get() != EOF) {
  }
  server->Shutdown(std::chrono::system_clock::now());
}

}  // namespace
}  // namespace grpc::testing

int main(int argc, char** argv) {
  if (argc == 3 && std::string(argv[1]) == "client") {
    grpc::testing::Play(argv[2]);
  } else if (argc == 2 && std::string(argv[1]) == "server") {
    grpc::testing::Serve();
  } else {
    std::cerr << "usage: interop client PORT | interop server" << std::endl;
    return 2;
  }
}
