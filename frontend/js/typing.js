const FIELDS = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]:not([contenteditable=false])";

/** Whether keys pressed in an element are text for it. */
export function isTyping(element) {
  return Boolean(element.closest?.(FIELDS));
}
