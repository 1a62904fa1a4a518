/** How fresh HTML takes an element's place. The workspace morphs instead (see workspace.js). */
let replaceElement = (element, html) => {
  const template = document.createElement("template");
  template.innerHTML = html;
  const fresh = template.content.firstElementChild;
  if (fresh) element.replaceWith(fresh);
};

export function replaceBy(way) {
  replaceElement = way;
}

export function replace(element, html) {
  return replaceElement(element, html);
}
