mock_provider "cloudflare" {}

variables {
  account_id   = "0123456789abcdef0123456789abcdef"
  zone_id      = "fedcba9876543210fedcba9876543210"
  name         = "studio"
  origins      = ["https://studio.example.com", "https://mirror.example.com"]
  media_domain = "media.example.com"
}

run "lets_pages_upload_and_see_the_etag" {
  command = plan

  assert {
    condition = alltrue([
      for cors in [cloudflare_r2_bucket_cors.public, cloudflare_r2_bucket_cors.private] :
      contains(cors.rules[0].allowed.methods, "PUT")
      && cors.rules[0].allowed.origins == tolist(["https://studio.example.com", "https://mirror.example.com"])
      && length(setsubtract(["content-type", "content-disposition", "content-md5", "if-none-match"], cors.rules[0].allowed.headers)) == 0
      && contains(cors.rules[0].expose_headers, "ETag")
    ])
    error_message = "Both buckets let the configured origins PUT with the signed headers, and show them the ETag."
  }

  assert {
    condition     = !anytrue([for rule in cloudflare_r2_bucket_cors.private.rules : contains(rule.allowed.origins, "*")])
    error_message = "The private bucket answers no other origin."
  }
}

run "drops_abandoned_parts" {
  command = plan

  assert {
    condition = alltrue([
      for lifecycle in [cloudflare_r2_bucket_lifecycle.public, cloudflare_r2_bucket_lifecycle.private] :
      lifecycle.rules[0].enabled && lifecycle.rules[0].abort_multipart_uploads_transition.condition.max_age == 7 * 86400
      && lifecycle.rules[0].delete_objects_transition == null
    ])
    error_message = "Both buckets abort uploads after seven days, and delete no object."
  }
}

run "reads_the_public_bucket_alone_over_new_tls" {
  command = plan

  assert {
    condition = (
      cloudflare_r2_custom_domain.media.bucket_name == "studio-media"
      && cloudflare_r2_custom_domain.media.min_tls == "1.2"
      && cloudflare_r2_custom_domain.media.enabled
    )
    error_message = "The media domain reads the public bucket, with TLS 1.2 at least."
  }
}

run "refuses_an_origin_that_no_browser_sends" {
  command = plan

  variables {
    origins = ["https://studio.example.com/"]
  }

  expect_failures = [var.origins]
}

run "refuses_old_tls" {
  command = plan

  variables {
    min_tls = "1.0"
  }

  expect_failures = [var.min_tls]
}

run "keeps_parts_for_as_long_as_an_upload_may_be_resumed" {
  command = plan

  variables {
    abort_uploads_after_days = 1
  }

  expect_failures = [var.abort_uploads_after_days]
}
