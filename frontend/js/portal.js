import { Application } from "@hotwired/stimulus";
import { settleSending } from "./draft_store.js";
import { loadControllers, selectorFor } from "./loading.js";

settleSending();
loadControllers(Application.start(), [
  { selector: selectorFor("hotkeys"), load: () => import("./portal_page.js") },
  { selector: selectorFor("guide"), load: () => import("./asking.js") },
]);
