// Sentences that scripts show: the page brings them in its language, places like {count} are filled in here.

const sentences = JSON.parse(document.body.dataset.sentences);

export function said(name, values = {}) {
  return sentences[name].replace(/\{(\w+)\}/g, (_, place) => values[place]);
}
