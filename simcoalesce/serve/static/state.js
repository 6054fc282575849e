// The state of the page: a variant and changes, as the address holds them.

/** Read the state of an address: #variant=NAME&s=KEY=VALUE&view=whole. */
export function stateOf(hash) {
  const parts = new URLSearchParams(hash.replace(/^#/, ""));
  return {
    variant: parts.get("variant") || null,
    set: parts.getAll("s"),
    view: parts.get("view") || "",
  };
}

/** Write a state as the hash of an address. */
export function hashOf(state) {
  const parts = new URLSearchParams();
  if (state.variant) parts.append("variant", state.variant);
  for (const change of state.set) parts.append("s", change);
  if (state.view) parts.append("view", state.view);
  const text = parts.toString();
  return text ? `#${text}` : "#";
}

const keyOf = (change) => change.slice(0, change.indexOf("="));

/** Return a state with another value for a key; the file's own is no change. */
export function withValue(state, key, value, ofFile) {
  const set = state.set.filter((change) => keyOf(change) !== key);
  if (value !== ofFile) set.push(`${key}=${value}`);
  return { ...state, set };
}
