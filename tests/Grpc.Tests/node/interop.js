// The standard interoperability cases with npm's @grpc/grpc-js.
//
// usage: interop.js client PORT PROTO   plays every case, prints "CASE passed" or "CASE failed: WHY"
//        interop.js server PROTO        serves until its standard input ends, prints its port first
// with @grpc/grpc-js and @grpc/proto-loader on NODE_PATH; PROTO is interop.proto
'use strict';

const assert = require('node:assert');
const grpc = require('@grpc/grpc-js');
const { loadSync } = require('@grpc/proto-loader');

const WAIT = 15_000;
const REQUEST_SIZES = [27182, 8, 1828, 45904];
const RESPONSE_SIZES = [31415, 9, 2653, 58979];
const INITIAL = 'x-grpc-test-echo-initial';
const TRAILING = 'x-grpc-test-echo-trailing-bin';
const GZIP = { 'grpc.default_compression_algorithm': grpc.compressionAlgorithms.gzip };

const zeros = size => ({ body: Buffer.alloc(size) });
const large = more => ({ response_size: 314159, payload: zeros(271828), ...more });
const ping = i => ({ response_parameters: [{ size: RESPONSE_SIZES[i] }], payload: zeros(REQUEST_SIZES[i]) });
const soon = () => ({ deadline: Date.now() + WAIT });
const schema = proto => grpc.loadPackageDefinition(loadSync(proto, { keepCase: true })).grpc.testing;

function assertZeros(size, payload) {
  assert.ok(Buffer.alloc(size).equals(payload.body), `${payload.body.length} bytes and not ${size} zeros`);
}

// A unary call, as a promise of its response.
function unary(client, method, request, metadata = new grpc.Metadata()) {
  return new Promise((resolve, reject) =>
    client[method](request, metadata, soon(), (error, response) => (error ? reject(error) : resolve(response))));
}

// A call with a stream of requests and one response.
function input(client, requests) {
  return new Promise((resolve, reject) => {
    const call = client.StreamingInputCall(soon(), (error, response) => (error ? reject(error) : resolve(response)));
    for (const request of requests) call.write(request);
    call.end();
  });
}

// Every response of a call to its end, and its status; `onResponse` may write, end or cancel.
function drain(call, onResponse = () => {}) {
  return new Promise(resolve => {
    const sizes = [];
    let metadata;
    call.on('metadata', headers => (metadata = headers));
    call.on('data', response => {
      assertZeros(response.payload.body.length, response.payload);
      sizes.push(response.payload.body.length);
      onResponse(sizes.length);
    });
    call.on('error', () => {}); // the status says the same
    call.on('status', status => resolve({ sizes, status, metadata }));
  });
}

async function fails(promise, code) {
  await assert.rejects(promise, error => (assert.strictEqual(error.code, code, error.message), true));
}

async function statusComesBack(client, message) {
  const response_status = { code: grpc.status.UNKNOWN, message };
  await assert.rejects(unary(client, 'UnaryCall', { response_status }), error => {
    assert.deepStrictEqual([error.code, error.details], [grpc.status.UNKNOWN, message]);
    return true;
  });
  const call = client.FullDuplexCall(soon());
  call.write({ response_status });
  call.end();
  const { status } = await drain(call);
  assert.deepStrictEqual([status.code, status.details], [grpc.status.UNKNOWN, message]);
}

const cases = {
  async empty_unary({ client }) {
    assert.deepStrictEqual({ ...(await unary(client, 'EmptyCall', {})) }, {});
  },
  async large_unary({ client }) {
    assertZeros(314159, (await unary(client, 'UnaryCall', large())).payload);
  },
  async client_compressed_unary({ client, compressing }) {
    const expecting = large({ expect_compressed: { value: true } });
    await fails(unary(client, 'UnaryCall', expecting), grpc.status.INVALID_ARGUMENT);
    assertZeros(314159, (await unary(compressing, 'UnaryCall', expecting)).payload);
    assertZeros(314159, (await unary(client, 'UnaryCall', large({ expect_compressed: { value: false } }))).payload);
  },
  async server_compressed_unary({ client }) {
    // This API does not show the message's flag: what is asserted is that both forms are read.
    for (const value of [true, false])
      assertZeros(314159, (await unary(client, 'UnaryCall', large({ response_compressed: { value } }))).payload);
  },
  async client_streaming({ client }) {
    const response = await input(client, REQUEST_SIZES.map(size => ({ payload: zeros(size) })));
    assert.strictEqual(response.aggregated_payload_size, 74922);
  },
  async client_compressed_streaming({ client, compressing }) {
    // A channel of this API compresses all messages or none.
    const request = (value, size) => ({ expect_compressed: { value }, payload: zeros(size) });
    await fails(input(client, [request(true, 27182)]), grpc.status.INVALID_ARGUMENT);
    const response = await input(compressing, [request(true, 27182), request(true, 45904)]);
    assert.strictEqual(response.aggregated_payload_size, 73086);
    assert.strictEqual((await input(client, [request(false, 45904)])).aggregated_payload_size, 45904);
  },
  async server_streaming({ client }) {
    const { sizes, status } = await drain(
      client.StreamingOutputCall({ response_parameters: RESPONSE_SIZES.map(size => ({ size })) }, soon()));
    assert.deepStrictEqual([sizes, status.code], [RESPONSE_SIZES, grpc.status.OK]);
  },
  async server_compressed_streaming({ client }) {
    const { sizes, status } = await drain(client.StreamingOutputCall({
      response_parameters: [{ size: 31415, compressed: { value: true } }, { size: 92653, compressed: { value: false } }],
    }, soon()));
    assert.deepStrictEqual([sizes, status.code], [[31415, 92653], grpc.status.OK]);
  },
  async ping_pong({ client }) {
    const call = client.FullDuplexCall(soon());
    const over = drain(call, received => (received < RESPONSE_SIZES.length ? call.write(ping(received)) : call.end()));
    call.write(ping(0));
    const { sizes, status } = await over;
    assert.deepStrictEqual([sizes, status.code], [RESPONSE_SIZES, grpc.status.OK]);
  },
  async empty_stream({ client }) {
    const call = client.FullDuplexCall(soon());
    call.end();
    const { sizes, status } = await drain(call);
    assert.deepStrictEqual([sizes, status.code], [[], grpc.status.OK]);
  },
  async cancel_after_begin({ client }) {
    await fails(new Promise((resolve, reject) => {
      const call = client.StreamingInputCall(soon(), (error, response) => (error ? reject(error) : resolve(response)));
      call.cancel();
    }), grpc.status.CANCELLED);
  },
  async cancel_after_first_response({ client }) {
    const call = client.FullDuplexCall(soon());
    const over = drain(call, () => call.cancel());
    call.write(ping(0));
    const { sizes, status } = await over;
    assert.deepStrictEqual([sizes, status.code], [[RESPONSE_SIZES[0]], grpc.status.CANCELLED]);
  },
  async timeout_on_sleeping_server({ client }) {
    const call = client.FullDuplexCall({ deadline: Date.now() + 1 });
    const over = drain(call);
    call.write({ payload: zeros(27182) });
    assert.strictEqual((await over).status.code, grpc.status.DEADLINE_EXCEEDED);
  },
  status_code_and_message: ({ client }) => statusComesBack(client, 'test status message'),
  special_status_message: ({ client }) =>
    statusComesBack(client, '\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n'),
  async custom_metadata({ client }) {
    const sent = new grpc.Metadata();
    sent.set(INITIAL, 'test_initial_metadata_value');
    sent.set(TRAILING, Buffer.from('ababab', 'hex'));
    const check = ({ metadata, status }) => {
      assert.strictEqual(status.code, grpc.status.OK, status.details);
      assert.deepStrictEqual(metadata.get(INITIAL), ['test_initial_metadata_value']);
      assert.strictEqual(status.metadata.get(TRAILING)[0].toString('hex'), 'ababab');
    };
    await new Promise((resolve, reject) => {
      let headers;
      const call = client.UnaryCall(large(), sent, soon(), error => error && reject(error));
      call.on('metadata', metadata => (headers = metadata));
      call.on('status', status => resolve({ metadata: headers, status }));
    }).then(check);
    const call = client.FullDuplexCall(sent, soon());
    const over = drain(call);
    call.write({ response_parameters: [{ size: 314159 }], payload: zeros(271828) });
    call.end();
    const outcome = await over;
    assert.deepStrictEqual(outcome.sizes, [314159]);
    check(outcome);
  },
  unimplemented_method: ({ client }) => fails(unary(client, 'UnimplementedCall', {}), grpc.status.UNIMPLEMENTED),
  unimplemented_service: ({ unserved }) => fails(unary(unserved, 'UnimplementedCall', {}), grpc.status.UNIMPLEMENTED),
};

async function play(port, proto) {
  const { TestService, UnimplementedService } = schema(proto);
  const connect = (service, options) => new service(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), options);
  const clients = {
    client: connect(TestService), compressing: connect(TestService, GZIP), unserved: connect(UnimplementedService),
  };
  for (const [name, run] of Object.entries(cases)) {
    try {
      await run(clients);
      console.log(`${name} passed`);
    } catch (error) {
      console.log(`${name} failed: ${String(error.stack).replaceAll('\n', ' | ')}`);
    }
  }
  for (const client of Object.values(clients)) client.close();
}

function echoMetadata(call) {
  const headers = new grpc.Metadata();
  const trailers = new grpc.Metadata();
  for (const value of call.metadata.get(INITIAL)) headers.set(INITIAL, value);
  for (const value of call.metadata.get(TRAILING)) trailers.set(TRAILING, value);
  call.sendMetadata(headers);
  return trailers;
}

const refusal = status => Object.assign(new Error(status.message), { code: status.code, details: status.message });

function answer(call, request) {
  for (const { size, compressed } of request.response_parameters ?? [])
    call.write({ payload: zeros(size) });
}

const handlers = {
  EmptyCall: (call, respond) => respond(null, {}),
  UnaryCall(call, respond) {
    const trailers = echoMetadata(call);
    const { response_status: status, response_size: size } = call.request;
    if (status) respond(refusal(status));
    else respond(null, { payload: zeros(size) }, trailers);
  },
  StreamingOutputCall(call) {
    answer(call, call.request);
    call.end();
  },
  StreamingInputCall(call, respond) {
    let size = 0;
    call.on('data', request => (size += request.payload.body.length));
    call.on('end', () => respond(null, { aggregated_payload_size: size }));
    call.on('error', () => {});
  },
  FullDuplexCall(call) {
    const trailers = echoMetadata(call);
    call.on('data', request => {
      if (request.response_status) call.emit('error', refusal(request.response_status));
      else answer(call, request);
    });
    call.on('end', () => call.end(trailers));
    call.on('error', () => {});
  },
};

function serve(proto) {
  const server = new grpc.Server();
  server.addService(schema(proto).TestService.service, handlers);
  server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    console.log(port);
  });
  process.stdin.on('end', () => server.forceShutdown()).resume();
}

const [mode, ...rest] = process.argv.slice(2);
if (mode === 'server') serve(...rest);
else play(...rest);
