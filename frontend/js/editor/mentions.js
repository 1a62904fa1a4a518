import Mention from "@tiptap/extension-mention";

/** The @mention extension; people come from `address`?q=… as JSON [{id, label, detail?}]. */
export function mentions(address) {
  return Mention.configure({
    HTMLAttributes: { class: "mention" },
    suggestion: { items: ({ query }) => people(address, query), render: () => new MentionList() },
  });
}

let latest = 0;
async function people(address, query) {
  const number = ++latest;
  // Wait for the next letter; only the last question is asked.
  await new Promise((resume) => setTimeout(resume, 80));
  if (number !== latest) return [];
  try {
    const url = new URL(address, location.href);
    url.searchParams.set("q", query);
    const response = await fetch(url, { headers: { Accept: "application/json" } });
    return response.ok ? (await response.json()).slice(0, 8) : [];
  } catch {
    return [];
  }
}

/** The list under the caret. Focus stays in the editor; arrows, Enter and Tab choose. */
class MentionList {
  onStart = (props) => {
    this.element = document.createElement("div");
    this.element.className = "mention-list";
    this.element.setAttribute("role", "listbox");
    this.element.setAttribute("aria-label", "People");
    props.editor.view.dom.closest("rich-editor").append(this.element);
    this.onUpdate(props);
  };

  onUpdate = (props) => {
    if (!this.element) return;
    this.props = props;
    this.chosen = 0;
    this.element.hidden = !props.items.length;
    this.element.replaceChildren(...props.items.map((person, index) => this.row(person, index)));
    this.mark();
    const caret = props.clientRect?.();
    if (!caret) return;
    const below = caret.bottom + 6 + this.element.offsetHeight < innerHeight;
    this.element.style.left = `${Math.min(caret.left, innerWidth - this.element.offsetWidth - 8)}px`;
    this.element.style.top = `${below ? caret.bottom + 6 : caret.top - this.element.offsetHeight - 6}px`;
  };

  onKeyDown = ({ event }) => {
    const count = this.props?.items.length ?? 0;
    if (event.key === "Escape") return this.close();
    if (!count) return false;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      this.chosen = (this.chosen + (event.key === "ArrowDown" ? 1 : count - 1)) % count;
      this.mark();
      return true;
    }
    if (event.key === "Enter" || event.key === "Tab") {
      this.choose(this.chosen);
      return true;
    }
    return false;
  };

  onExit = () => this.close();

  close() {
    this.element?.remove();
    this.element = null;
    return true;
  }

  row(person, index) {
    const row = document.createElement("div");
    row.className = "menu-row";
    row.setAttribute("role", "option");
    row.textContent = person.label;
    if (person.detail) {
      const detail = document.createElement("span");
      detail.className = "meta";
      detail.textContent = person.detail;
      row.append(detail);
    }
    row.addEventListener("mousedown", (event) => {
      event.preventDefault();
      this.choose(index);
    });
    return row;
  }

  mark() {
    [...this.element.children].forEach((row, index) => row.setAttribute("aria-selected", String(index === this.chosen)));
    this.element.children[this.chosen]?.scrollIntoView({ block: "nearest" });
  }

  choose(index) {
    const person = this.props.items[index];
    if (person) this.props.command({ id: person.id, label: person.label });
  }
}
