// Sentences for scripts. The page delivers them in its language; this file fills in placeholders like {count}.

const sentences = JSON.parse(document.body.dataset.sentences);

export function said(name, values = {}) {
  return sentences[name].replace(/\{(\w+)\}/g, (_, place) => values[place]);
}
