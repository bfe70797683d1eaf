"""What a program in another language does with the document alone: stores a file, and reads it."""

import hashlib
import json
import sys
import urllib.error
import urllib.parse
import urllib.request

document_url, token = sys.argv[1:3]


def fetch(url, method="GET", body=None, headers={}):
    request = urllib.request.Request(url, method=method, data=body, headers=headers)
    try:
        with urllib.request.urlopen(request) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


document = json.loads(fetch(document_url)[1])
base = urllib.parse.urljoin(document_url, document["servers"][0]["url"])


def call(operation_id, given=None):
    """Finds an operation by its id, asks as it says, and answers with what its schema calls `data`."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if operation["operationId"] != operation_id:
                continue
            url, body = base + path, None
            headers = {"authorization": "Bearer " + token}
            if operation.get("parameters"):
                query = {operation["parameters"][0]["name"]: json.dumps(given)}
                url += "?" + urllib.parse.urlencode(query)
            elif "requestBody" in operation:
                body = json.dumps(given).encode()
                headers["content-type"] = next(iter(operation["requestBody"]["content"]))
            status, answer = fetch(url, method.upper(), body, headers)
            told = json.loads(answer)
            assert str(status) in operation["responses"], (status, told)
            return told["result"]["data"] if status == 200 else told["error"]["data"]["appCode"]
    raise LookupError(operation_id)


data = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer <<>>\n%%EOF\n"
digest = hashlib.sha256(data)
grant = call("files_generateUploadUrl", {"sizeBytes": len(data), "contentType": "application/pdf"})
status, answer = fetch(grant["url"], "POST", data, {"content-type": "application/pdf"})
assert status == 200, answer
stored = json.loads(answer)["storageId"]
metadata = call("files_getMetadata", {"storageId": stored})
assert metadata["sha256"] == digest.hexdigest(), metadata
status, again = fetch(call("files_getUrl", {"storageId": stored}))
assert (status, again) == (200, data)
assert call("files_delete", {"storageId": "nobody's"}) == "NOT_FOUND"
assert call("files_getUrl", {"storageId": 7}) == "INVALID_INPUT"
print("stored and read", stored)
