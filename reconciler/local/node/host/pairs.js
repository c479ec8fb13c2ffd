"use strict";
// The string pairs kept on a session or a refresh token, within their limits.

/** Rules of the metadata of that group, counted with the pairs of the event, where they are `known`, and of earlier
 * actions. */
function pairRules(group, known, soFar, limits) {
  const { set = [], gone = [], evicted = false } = soFar ?? {};
  const pairs = new Set([...(evicted ? [] : Object.keys(known?.metadata ?? {})), ...set]);
  for (const key of gone) pairs.delete(key);
  return {
    [`${group}.setMetadata`]: (key, value) => {
      checkPair(`${group}.setMetadata`, key, value, limits);
      const others = pairs.size - (pairs.has(key) ? 1 : 0);
      if (value !== null && others >= limits.pair_entries) {
        throw new Error(`api.${group}.setMetadata: there must not be more than ${limits.pair_entries} entries.`);
      }
      if (value === null) pairs.delete(key);
      else pairs.add(key);
    },
    [`${group}.deleteMetadata`]: (key) => pairs.delete(key),
    [`${group}.evictMetadata`]: () => pairs.clear(),
  };
}

function checkPair(method, key, value, limits) {
  if (!new RegExp(limits.pair_key).test(key)) {
    throw new Error(`api.${method}: a key is made of letters, digits, _ and - only.`);
  }
  for (const text of [key, value ?? ""]) {
    if (text.length > limits.pair_characters) {
      throw new Error(`api.${method}: key and value have ${limits.pair_characters} characters at most.`);
    }
  }
}

module.exports = { pairRules };
