"use strict";
// Answers every outgoing HTTP request from the stubs of the run that makes it, or refuses it. Nothing reaches the network.

const http = require("node:http");
const net = require("node:net");
const tls = require("node:tls");
const { current, outside } = require("./run.js");

const NO_BODY = new Set([204, 205, 304]);

// What the interceptor replaces. It takes long to load, and most code makes no request.
const ENTRANCES = [
  [net.Socket.prototype, "connect"],
  [tls.TLSSocket.prototype, "_wrapHandle"],
  [tls.TLSSocket.prototype, "_start"],
  [http.Agent.prototype, "addRequest"],
];

/** The first use of any entrance to the network loads the interceptor, which then stands in all of them. */
function intercept() {
  const real = ENTRANCES.map(([prototype, name]) => prototype[name]);
  const open = () => {
    ENTRANCES.forEach(([prototype, name], index) => (prototype[name] = real[index]));
    outside(apply);
  };
  for (const [prototype, name] of ENTRANCES) {
    prototype[name] = function (...args) {
      open();
      return prototype[name].apply(this, args);
    };
  }
}

function apply() {
  const { HttpRequestInterceptor, SocketInterceptor } = require("./vendor/interceptors.js");
  const interceptor = new HttpRequestInterceptor();
  interceptor.on("request", ({ request, controller }) => answer(request, controller, current()));
  interceptor.apply();
  SocketInterceptor.singleton(SocketInterceptor).on("connection", refuseOthers);
}

/** A connection that turns out not to speak HTTP would be let through to the network. */
function refuseOthers({ controller, connectionOptions: { host, port, path } }) {
  controller.passthrough = () => {
    const where = path ?? `${host}:${port}`;
    controller.socket.destroy(new Error(`The connection to ${where} does not speak HTTP and was refused.`));
  };
}

async function answer(request, controller, run) {
  const name = `${request.method} ${request.url}`;
  if (!run) return controller.errorWith(new Error(`${name} came after the end of the run and was refused.`));
  const stub = stubFor(name, run);
  const body = await inOrder(run, request.clone().text());
  const headers = Object.fromEntries(request.headers);
  run.tell("request", { method: request.method, url: request.url, headers, body, stubbed: Boolean(stub) });
  if (!stub) return controller.errorWith(new Error(`No stub answers ${name}; the request was refused.`));
  return controller.respondWith(response(stub.reply));
}

/** Requests are told in the order in which they were made, whatever the length of their bodies. */
async function inOrder(run, reading) {
  const before = run.lastRequest;
  run.lastRequest = reading;
  await before?.catch(() => {});
  return reading;
}

/** The first stub of that request that was not used yet, else the last one. */
function stubFor(name, run) {
  run.stubs ??= (run.job.stubs ?? []).map((stub) => ({ name: normal(stub.request), reply: stub.reply, used: false }));
  const fitting = run.stubs.filter((stub) => stub.name === name);
  const stub = fitting.find((one) => !one.used) ?? fitting.at(-1);
  if (stub) stub.used = true;
  return stub;
}

function normal(request) {
  const [method, url] = request.split(" ", 2);
  const whole = new URL(url);
  whole.hash = "";
  return `${method} ${whole.href}`;
}

function response({ status, headers, body }) {
  const isText = typeof body === "string";
  const type = { "content-type": isText ? "text/plain; charset=utf-8" : "application/json; charset=utf-8" };
  const content = NO_BODY.has(status) ? null : isText ? body : JSON.stringify(body);
  const all = new Headers(content === null ? {} : type);
  for (const [key, value] of Object.entries(headers)) all.set(key, value);
  // A kept connection could carry the next run's request under this run's name.
  all.set("connection", "close");
  return new Response(content, { status, headers: all });
}

module.exports = { intercept };
