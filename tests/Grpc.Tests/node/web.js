// Calls the test service with npm's stock gRPC-Web client, in both of its forms, over the XMLHttpRequest of xhr2.
//
// usage: web.js PORT PROTO, with grpc-web, protobufjs and xhr2 on NODE_PATH; PROTO is exchange.proto
'use strict';

const assert = require('node:assert');
global.XMLHttpRequest = require('xhr2');
const { GrpcWebClientBase, MethodDescriptor, MethodType } = require('grpc-web');
const { loadSync } = require('protobufjs');

const [port, proto] = process.argv.slice(2);
const types = loadSync(proto).lookup('appchain.grpc.tests');
const host = `http://127.0.0.1:${port}`;

function method(name, kind, request, response) {
  const [Request, Response] = [types.lookupType(request), types.lookupType(response)];
  return new MethodDescriptor(
    `/appchain.grpc.tests.Exchange/${name}`, kind, Object, Object,
    message => Request.encode(message).finish(), bytes => Response.toObject(Response.decode(bytes), { longs: Number }));
}

const echo = method('Echo', MethodType.UNARY, 'Note', 'Note');
const count = method('Count', MethodType.SERVER_STREAMING, 'Number', 'Number');

async function play(format) {
  const client = new GrpcWebClientBase({ format });
  const unary = (request, metadata = {}) => client.unaryCall(`${host}${echo.getName()}`, request, metadata, echo);

  assert.strictEqual((await unary({ text: 'grüße' })).text, 'grüße');
  await assert.rejects(unary({ text: 'refuse' }), error => {
    assert.deepStrictEqual([error.code, error.message, error.metadata['appchain-reason']], [9, 'größer als 100 %\n', 'no-funds']);
    return true;
  });
  await assert.rejects(unary({ text: 'wait' }, { deadline: String(Date.now() + 300) }), error => error.code === 4);

  const values = [];
  await new Promise((resolve, reject) => client.serverStreaming(`${host}${count.getName()}`, { value: 100 }, {}, count)
    .on('data', number => values.push(number.value)).on('error', reject).on('end', resolve));
  assert.deepStrictEqual(values, Array.from({ length: 100 }, (_, i) => i + 1));
}

(async () => {
  for (const format of ['text', 'binary']) await play(format);
  console.log('passed');
})();
