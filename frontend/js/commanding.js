import "../css/later/dialogs.css";
import PaletteController from "./controllers/palette_controller.js";
import ShortcutsController from "./controllers/shortcuts_controller.js";
import { obeyKeptKeys } from "./kept_keys.js";

/** What people need who work by key. */
export function register(application) {
  application.register("palette", PaletteController);
  application.register("shortcuts", ShortcutsController);
  obeyKeptKeys();
}
