import GuideController from "./controllers/guide_controller.js";

/** What helps someone who opens a ticket. */
export function register(application) {
  application.register("guide", GuideController);
}
