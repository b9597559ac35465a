/** Where things are: pages for people, resources for programs. */

/** @param {string} id */
export const uploadPage = (id) => `/uploads/${id}/`;
/** @param {string} id */
export const jobPage = (id) => `/jobs/${id}/`;
/** @param {string} id */
export const mapPage = (id) => `/maps/${id}/`;

/** The resource that holds the same as the live topic `kind:id`. @param {string} topic */
export function resourceOf(topic) {
  const [kind, id] = topic.split(":");
  return `/api/v1/${kind}s/${id}`;
}

/** The live socket, on the host that served the page. @param {Location} [here] */
export function liveSocket(here = location) {
  return `${here.protocol === "https:" ? "wss" : "ws"}://${here.host}/ws/live/`;
}
