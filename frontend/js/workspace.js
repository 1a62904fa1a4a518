import htmx from "htmx.org/dist/htmx.esm.js";
import "htmx.org/dist/ext/hx-preload.js";
import { Application } from "@hotwired/stimulus";
import ComposerController from "./controllers/composer_controller.js";
import ConversationController from "./controllers/conversation_controller.js";
import HotkeysController from "./controllers/hotkeys_controller.js";
import ListController from "./controllers/list_controller.js";
import PanesController from "./controllers/panes_controller.js";
import PopoverController from "./controllers/popover_controller.js";
import ThemeController from "./controllers/theme_controller.js";
import TickerController from "./controllers/ticker_controller.js";
import ToastController from "./controllers/toast_controller.js";
import { settleSending } from "./draft_store.js";
import { listenToHtmx, morph } from "./htmx_manners.js";
import { keepKeys } from "./kept_keys.js";
import { loadControllers, selectorFor } from "./loading.js";
import { replaceBy } from "./replacing.js";
import "./sign_out.js";

// The server sends no styles: an element that has one, as the frames of mail have their height, got it here.
htmx.config.morphIgnore.push("style");

settleSending();
listenToHtmx();
replaceBy((element, html) => morph(htmx, element, html));

const application = Application.start();
application.register("composer", ComposerController);
application.register("conversation", ConversationController);
application.register("hotkeys", HotkeysController);
application.register("list", ListController);
application.register("panes", PanesController);
application.register("popover", PopoverController);
application.register("theme", ThemeController);
application.register("ticker", TickerController);
application.register("toast", ToastController);
keepKeys();
loadControllers(application, [{ selector: selectorFor("palette", "shortcuts"), load: () => import("./commanding.js") }]);
document.addEventListener("htmx:after:swap", () => loadControllers(application));
