"use strict";
// Every outgoing HTTP request of a case is told to the other side, which says what answers it. Nothing reaches the
// network.

const net = require("node:net");
const { performance } = require("node:perf_hooks");
const { siteIn } = require("./sites.js");
const { DISPATCHER } = require("./realm.js");
const { askedAt, askingLine, current, outside } = require("./run.js");

const NO_BODY = new Set([204, 205, 304]);
const PENDING = 0; // the interceptor's readyState of a connection that nothing was said to yet
// These tell of the bytes on their way, which a stub does not write.
const OF_THE_WAY = ["content-encoding", "transfer-encoding", "content-length"];
const timer = setTimeout;
const { apply } = Reflect;
const clearTimings = performance.clearResourceTimings.bind(performance);
const FAILURES = {
  refused: ({ hostname, port }) => failed(`connect ECONNREFUSED ${hostname}:${port}`, "ECONNREFUSED", -111, "connect", { address: hostname, port }),
  reset: () => failed("read ECONNRESET", "ECONNRESET", -104, "read"),
  timeout: ({ hostname, port }) => failed(`connect ETIMEDOUT ${hostname}:${port}`, "ETIMEDOUT", -110, "connect", { address: hostname, port }),
  not_found: ({ hostname }) => failed(`getaddrinfo ENOTFOUND ${hostname}`, "ENOTFOUND", -3008, "getaddrinfo", { hostname }),
};

// What is asked for or would come after the end of a case: its code hears nothing any more.
const never = new Promise(() => {});
const connections = new WeakMap(); // socket -> what the interceptor has for it

class Outgoing {
  constructor(realm) {
    this.realm = realm;
    this.isOpen = false;
    this.used = false;
    this.connect = net.Socket.prototype.connect;
  }

  /** Nothing connects before the interceptor stands: what finds a way past `open` is refused. */
  close() {
    net.Socket.prototype.connect = () => {
      throw new Error("The network is not available in a case.");
    };
  }

  /** Loads the interceptor; called before the first code that can reach the network gets there. */
  open() {
    if (this.isOpen) return;
    this.isOpen = true;
    this.realm.adopt(() => {
      net.Socket.prototype.connect = this.connect;
      outside(() => this.intercept());
    });
    this.realm.read("Headers");
    this.realm.read("fetch");
  }

  /** What fetch keeps for the next request to the same server: nothing of it is for another case. */
  renew() {
    if (!this.used) return;
    this.used = false;
    clearTimings();
    const kept = globalThis[DISPATCHER];
    globalThis[DISPATCHER] = new kept.constructor();
    this.realm.read(DISPATCHER);
  }

  intercept() {
    const { HttpRequestInterceptor, SocketInterceptor } = require("./vendor/interceptors.js");
    const interceptor = new HttpRequestInterceptor();
    interceptor.on("request", ({ request, controller, initiator }) => {
      return this.answer(request, controller, { run: current(), initiator });
    });
    interceptor.apply();
    SocketInterceptor.singleton(SocketInterceptor).on("connection", (connection) => {
      connections.set(connection.socket, connection.controller);
      refuseOthers(connection);
    });
    const { Agent } = require("node:http");
    Agent.prototype.addRequest = marked(Agent.prototype.addRequest);
    globalThis.fetch = marked(globalThis.fetch);
  }

  async answer(request, controller, { run, initiator }) {
    const name = `${request.method} ${request.url}`;
    if (!run) return never;
    this.used = true;
    const line = askingLine();
    const body = await inOrder(run, request.clone().text());
    const { method, url } = request;
    const reply = await run.ask({ method, url, headers: Object.fromEntries(request.headers), body, line });
    if (reply?.delay) await late(reply, initiator);
    if (run.over) return never;
    if (!reply) return controller.errorWith(new Error(`No stub answers ${name}; the request was refused.`));
    if (reply.error) return controller.errorWith(FAILURES[reply.error](place(url)));
    return controller.respondWith(response(reply));
  }
}

/** Waits as the reply says. Where it is an answer, it is that what is late, and not the connection: a time limit of the
 * client's counts from then on. */
function late({ error, delay }, initiator) {
  const connection = connections.get(initiator.socket ?? initiator);
  if (!error && connection?.readyState === PENDING) {
    connection.claim();
    connection.claim = () => delete connection.claim;
  }
  return new Promise((done) => timer(done, delay));
}

/** The same function, whose requests know where in the code they come from. */
function marked(real) {
  const called = (target, self, args) => {
    const run = current();
    if (!run) return apply(target, self, args);
    run.called += 1;
    return askedAt(siteIn(run.file).line, () => apply(target, self, args));
  };
  return new Proxy(real, { apply: called });
}

/** A connection that turns out not to speak HTTP would be let through to the network. It is told as CONNECT to its
 * host and port, and fails, in the way that a stub says where there is one. */
function refuseOthers({ controller, connectionOptions }) {
  const run = current();
  const { host, port, path } = connectionOptions;
  const where = path || `${host || "localhost"}:${port}`;
  const url = `${"rejectUnauthorized" in connectionOptions ? "https" : "http"}://${where}`;
  controller.passthrough = async () => {
    const reply = await run?.ask({ method: "CONNECT", url, headers: {}, body: "", line: 0 });
    const failure = reply?.error && FAILURES[reply.error](place(url));
    controller.socket.destroy(failure || new Error(`The connection to ${where} does not speak HTTP and was refused.`));
  };
}

/** Requests are told in the order in which they were made, whatever the length of their bodies. */
async function inOrder(run, reading) {
  const before = run.lastRequest;
  run.lastRequest = reading;
  await before?.catch(() => {});
  return reading;
}

function place(url) {
  const { hostname, port, protocol } = new URL(url);
  return { hostname, port: Number(port) || (protocol === "https:" ? 443 : 80) };
}

/** As Node words it where a connection fails for real. */
function failed(message, code, errno, syscall, more = {}) {
  return Object.assign(new Error(message), { errno, code, syscall, ...more });
}

function response({ status, headers, body }) {
  const isText = typeof body === "string";
  const type = { "content-type": isText ? "text/plain; charset=utf-8" : "application/json; charset=utf-8" };
  const content = NO_BODY.has(status) ? null : isText ? body : JSON.stringify(body);
  const all = new Headers(content === null ? {} : type);
  for (const [key, value] of Object.entries(headers)) all.set(key, value);
  for (const name of content === null ? [] : OF_THE_WAY) all.delete(name);
  // A kept connection could carry the next case's request under this case's name.
  all.set("connection", "close");
  return new Response(content, { status, headers: all });
}

module.exports = { Outgoing };
