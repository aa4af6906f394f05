// The little of RFC 6455 that the development server needs: text frames, close, no fragments.
import { createHash } from "node:crypto";

const guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** Answers an upgrade and returns {send(value), close(code), onframe, onclose}; values are JSON. */
export function acceptSocket(request, stream) {
  const key = createHash("sha1")
    .update(request.headers["sec-websocket-key"] + guid)
    .digest("base64");
  stream.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${key}\r\n\r\n`,
  );
  const socket = {
    onframe() {},
    onclose() {},
    send: (value) => stream.writable && stream.write(frame(1, Buffer.from(JSON.stringify(value)))),
    close(code) {
      const body = Buffer.alloc(2);
      body.writeUInt16BE(code);
      stream.end(frame(8, body));
    },
    destroy: () => stream.destroy(),
  };
  let rest = Buffer.alloc(0);
  stream.on("data", (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (let read = parse(rest); read; read = parse(rest)) {
      rest = rest.subarray(read.size);
      if (read.opcode === 8) stream.end();
      else if (read.opcode === 1) socket.onframe(JSON.parse(read.body.toString()));
    }
  });
  stream.on("error", () => stream.destroy());
  stream.on("close", () => socket.onclose());
  return socket;
}

function frame(opcode, body) {
  const head =
    body.length < 126
      ? Buffer.from([128 | opcode, body.length])
      : Buffer.from([128 | opcode, 126, body.length >> 8, body.length & 255]);
  return Buffer.concat([head, body]);
}

function parse(buffer) {
  if (buffer.length < 6) return null;
  const short = buffer[1] & 127;
  const start = short === 126 ? 4 : 2;
  const length = short === 126 ? buffer.readUInt16BE(2) : short;
  const size = start + 4 + length;
  if (buffer.length < size) return null;
  const mask = buffer.subarray(start, start + 4);
  const body = Buffer.from(buffer.subarray(start + 4, size).map((byte, i) => byte ^ mask[i % 4]));
  return { opcode: buffer[0] & 15, body, size };
}
