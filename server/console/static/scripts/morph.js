// Turn a live element into a new one piece by piece, so that focus, scroll position and open lists stay the same.

const keyOf = (node) => (node.nodeType === Node.ELEMENT_NODE ? node.dataset.key || node.id || null : null);

function sameKind(one, other) {
  return one.nodeType === other.nodeType && one.nodeName === other.nodeName && keyOf(one) === keyOf(other);
}

function syncAttributes(from, to) {
  const own = (name) => name === "open" && from.nodeName === "DETAILS";
  for (const { name } of [...from.attributes]) {
    if (!to.hasAttribute(name) && !own(name)) from.removeAttribute(name);
  }
  for (const { name, value } of [...to.attributes]) {
    if (from.getAttribute(name) !== value && !own(name)) from.setAttribute(name, value);
  }
}

// Skip elements with data-keep: a script owns them. Match elements with the same data-key (or id).
export function morph(from, to) {
  if (from.hasAttribute("data-keep")) return;
  syncAttributes(from, to);
  const wantedKeys = new Set([...to.childNodes].map(keyOf).filter(Boolean));
  for (const child of [...from.childNodes]) {
    if (keyOf(child) && !wantedKeys.has(keyOf(child))) child.remove();
  }
  const keyed = new Map([...from.childNodes].filter(keyOf).map((child) => [keyOf(child), child]));
  let cursor = from.firstChild;
  for (const wanted of [...to.childNodes]) {
    const key = keyOf(wanted);
    let match = key ? keyed.get(key) : cursor;
    if (!match || !sameKind(match, wanted)) {
      from.insertBefore(document.importNode(wanted, true), cursor);
      continue;
    }
    if (match === cursor) cursor = cursor.nextSibling;
    else from.insertBefore(match, cursor);
    if (match.nodeType !== Node.ELEMENT_NODE) {
      if (match.nodeValue !== wanted.nodeValue) match.nodeValue = wanted.nodeValue;
    } else if (!match.isEqualNode(wanted)) {
      morph(match, wanted);
    }
  }
  while (cursor) {
    const next = cursor.nextSibling;
    cursor.remove();
    cursor = next;
  }
}
