variable "account_id" {
  description = "The Cloudflare account that owns the buckets."
  type        = string

  validation {
    condition     = can(regex("^[0-9a-f]{32}$", var.account_id))
    error_message = "An account id is 32 hexadecimal digits; the dashboard shows it under Account home."
  }
}

variable "name" {
  description = "What the buckets' names begin with: <name>-media and <name>-private."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,53}[a-z0-9]$", var.name))
    error_message = "Lower-case letters, digits and dashes, 3 to 55 of them, so that the whole bucket name stays within 63."
  }
}

variable "location" {
  description = "Where the bytes should lie, as a hint (weur, eeur, wnam, enam, apac, oc). It counts only when the bucket is made."
  type        = string
  default     = null
}

variable "jurisdiction" {
  description = "Where the bytes must lie: default, eu or fedramp. Another one is another endpoint, and another bucket."
  type        = string
  default     = "default"

  validation {
    condition     = contains(["default", "eu", "fedramp"], var.jurisdiction)
    error_message = "One of default, eu and fedramp."
  }
}

variable "origins" {
  description = "Origins whose pages upload and read signed URLs: scheme, host and port, without a path."
  type        = list(string)

  validation {
    condition     = length(var.origins) > 0 && alltrue([for origin in var.origins : can(regex("^https?://[^/*?#]+$", origin))])
    error_message = "At least one, each as a browser sends it (https://studio.example.com): no path, no trailing slash, no wildcard."
  }
}

variable "zone_id" {
  description = "The zone that the media domain lies in, in the same account."
  type        = string
}

variable "media_domain" {
  description = "The host that public media are read from, such as media.example.com."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9-]+(\\.[a-z0-9-]+)+$", var.media_domain))
    error_message = "A host name alone, such as media.example.com."
  }
}

variable "min_tls" {
  description = "The oldest TLS that the media domain speaks: 1.2 or 1.3."
  type        = string
  default     = "1.2"

  validation {
    condition     = contains(["1.2", "1.3"], var.min_tls)
    error_message = "1.2 or 1.3; anything older is broken."
  }
}

variable "abort_uploads_after_days" {
  description = "When the bucket drops the parts of uploads that nobody completed. The server's own sweep comes long before; this is for the day it does not run."
  type        = number
  default     = 7

  validation {
    condition     = var.abort_uploads_after_days >= 7
    error_message = "At least 7: an upload may be resumed for six days."
  }
}
