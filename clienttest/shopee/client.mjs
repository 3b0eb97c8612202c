// The client under test, pointed at a world: its base URL is fixed, so that an
// interceptor changes it, and its waiting before a retry is left out.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

let world;
const from = [];

// Interceptors run from the last to the first: this one has to be there before the
// client adds its own, which sets the base URL. Uploads have no interceptor of the
// client, and go through axios itself.
function redirect(config) {
  from.push(config.baseURL);
  return { ...config, baseURL: world.baseUrl };
}
require("shopee-openapi-v2/dist/utils/request.js").axios_service.interceptors.request.use(redirect);
require("axios").interceptors.request.use(redirect);

export const shopee = require("shopee-openapi-v2").default;

// connect points the client, of which there is one alone, at a world. It gives what
// every call of the first shop has, and the base URLs that the client wanted.
export function connect(w, config = {}) {
  world = w;
  from.length = 0;
  shopee.setAppConfig({
    partner_id: w.credentials.partner_id,
    partner_key: w.credentials.partner_key,
    redirect: "https://shop.example.com/authorised",
    retryDelay: () => 0,
    ...config,
  });
  return { shop: { shop_id: w.credentials.shop_id, access_token: w.credentials.access_token }, from };
}
