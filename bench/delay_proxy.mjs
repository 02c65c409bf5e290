// delay_proxy.mjs - a TCP proxy that hands each byte on later: half a round trip each way, and up
// to so much jitter more, drawn from a seed.  Order is kept, as it is on any TCP line.
import { connect, createServer } from "node:net";

function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Hands on what `from` reads to `to`, in order, each piece no earlier than delayMs() from now. One
 * timer runs at a time: two that are due in one millisecond may fire in either order. */
function carry(from, to, delayMs) {
  const waiting = [];
  const handOn = () => {
    while (waiting.length > 0 && waiting[0].dueMs <= performance.now()) waiting.shift().act();
    if (waiting.length > 0) setTimeout(handOn, Math.ceil(waiting[0].dueMs - performance.now()));
  };
  const later = (act) => {
    const dueMs = performance.now() + delayMs();
    waiting.push({ dueMs, act });
    if (waiting.length === 1) setTimeout(handOn, Math.ceil(dueMs - performance.now()));
  };
  from.on("data", (bytes) => later(() => to.writable && to.write(bytes)));
  from.on("end", () => later(() => to.end()));
  from.on("error", () => to.destroy());
}

/** Starts a proxy to a port of this machine.  Resolves with its url and close(). */
export async function startProxy(port, { rttMs, jitterMs = 0, seed = 1 }) {
  const random = randomOf(seed);
  const delayMs = () => rttMs / 2 + jitterMs * random();
  const sockets = new Set();
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ port, host: "127.0.0.1", noDelay: true });
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket));
    }
    carry(near, far, delayMs);
    carry(far, near, delayMs);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const close = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { url: `http://127.0.0.1:${server.address().port}/`, close };
}
