"use strict";
// The HS256 tokens that travel with a redirect: out with api.redirect.encodeToken, back into validateToken.

// Takes a tenth of the start of a process to load, and few actions need it.
const crypto = () => require("node:crypto");

const EXPIRES_IN_SECONDS = 900;

const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const signature = (text, secret) => crypto().createHmac("sha256", secret).update(text).digest();

function encoded({ secret, payload, expiresInSeconds = EXPIRES_IN_SECONDS } = {}, event, now) {
  if (typeof secret !== "string" || !secret) throw new Error("api.redirect.encodeToken needs a secret.");
  const iat = Math.floor(now() / 1000);
  const own = { iss: event.request?.hostname, sub: event.user?.user_id, ip: event.request?.ip };
  const text = `${part({ alg: "HS256", typ: "JWT" })}.${part({ ...own, iat, exp: iat + expiresInSeconds, ...payload })}`;
  return `${text}.${signature(text, secret).toString("base64url")}`;
}

/** The payload of the token in the request; throws where its signature, expiry or state is not right. */
function validated({ secret, tokenParameterName = "session_token" } = {}, event, now) {
  const { query, body } = event.request ?? {};
  const token = query?.[tokenParameterName] ?? body?.[tokenParameterName];
  if (!token) throw new Error(`There is no token in the parameter ${tokenParameterName} of the request.`);
  const [header, claims, given] = String(token).split(".");
  const expected = signature(`${header}.${claims}`, secret ?? "");
  const presented = Buffer.from(given ?? "", "base64url");
  if (presented.length !== expected.length || !crypto().timingSafeEqual(presented, expected)) refuse("signature is invalid");
  if (JSON.parse(Buffer.from(header, "base64url")).alg !== "HS256") refuse("algorithm is not HS256");
  const payload = JSON.parse(Buffer.from(claims, "base64url"));
  if (typeof payload.exp !== "number" || payload.exp * 1000 <= now()) refuse("time is over or not limited");
  if (payload.state !== (query?.state ?? body?.state)) refuse("state is not the state of this redirect");
  return payload;
}

function refuse(what) {
  throw new Error(`The token of the redirect is refused: its ${what}.`);
}

module.exports = { encoded, validated };
