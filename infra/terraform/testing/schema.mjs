// The part of cloudflare/cloudflare 5.22 that these modules use, as its documentation describes it. A trailing `!` is a
// required argument, `=` one that the provider computes, `*` one that is sensitive.
const text = "string";
const texts = ["list", "string"];
const flag = "bool";
const count = "number";

const age = { condition: { "type!": text, "max_age!": count } };

export const resources = {
  cloudflare_r2_bucket: {
    "account_id!": text,
    "name!": text,
    location: text,
    storage_class: text,
    jurisdiction: text,
    "id=": text,
    "creation_date=": text,
  },
  cloudflare_r2_bucket_cors: {
    "account_id!": text,
    "bucket_name!": text,
    jurisdiction: text,
    rules: [
      {
        "allowed!": { "methods!": texts, "origins!": texts, headers: texts },
        id: text,
        expose_headers: texts,
        max_age_seconds: count,
      },
    ],
  },
  cloudflare_r2_bucket_lifecycle: {
    "account_id!": text,
    "bucket_name!": text,
    jurisdiction: text,
    rules: [
      {
        "id!": text,
        "enabled!": flag,
        "conditions!": { "prefix!": text },
        abort_multipart_uploads_transition: age,
        delete_objects_transition: {
          condition: { "type!": text, max_age: count, date: text },
        },
      },
    ],
  },
  cloudflare_r2_custom_domain: {
    "account_id!": text,
    "bucket_name!": text,
    "domain!": text,
    "enabled!": flag,
    "zone_id!": text,
    ciphers: texts,
    jurisdiction: text,
    min_tls: text,
    "zone_name=": text,
  },
  cloudflare_calls_turn_app: {
    "account_id!": text,
    key_id: text,
    name: text,
    "uid=": text,
    "key=*": text,
    "created=": text,
    "modified=": text,
  },
};

export const provider = { api_token: text, api_key: text, email: text };
