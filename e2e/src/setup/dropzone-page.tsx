import { createFermata, type UploadItem } from "@fermata/api";
import { FermataProvider, FileDropzone } from "@fermata/api/react";
import { useState } from "react";
import { createRoot } from "react-dom/client";

declare global {
  interface Window {
    lab: { token: string; uploaded: string[]; rejected: string[] };
  }
}

/** A page as a user of the library writes it: one place for files, with everything it can show. */
function Page() {
  const [disabled, setDisabled] = useState(false);
  return (
    <main>
      <button type="button" onClick={() => setDisabled(!disabled)}>
        Switch
      </button>
      <FileDropzone
        className="zone"
        style={{ minHeight: "90vh", border: "1px solid" }}
        label="Photos of the instrument"
        accept="image/*, .txt"
        maxBytes={300_000}
        disabled={disabled}
        onUploaded={(item) => window.lab.uploaded.push(`${item.filename} ${storageIdOf(item)}`)}
        onReject={(rejected) =>
          window.lab.rejected.push(...rejected.map((one) => `${one.filename} ${one.error.code}`))
        }
      >
        {(state) => (
          <div>
            <p data-testid="hover">{state.isDragging ? `${state.draggedCount} here` : "none"}</p>
            <button type="button" onClick={state.clear}>
              Clear
            </button>
            <ul>
              {state.items.map((item) => (
                <li key={item.id}>
                  {`${item.filename}: ${item.status} ${item.error?.code ?? ""}`}
                  <button type="button" onClick={() => state.cancel(item.id)}>
                    Cancel {item.filename}
                  </button>
                  <button type="button" onClick={() => state.retry(item.id)}>
                    Retry {item.filename}
                  </button>
                </li>
              ))}
            </ul>
          </div>
        )}
      </FileDropzone>
    </main>
  );
}

function storageIdOf(item: UploadItem): string {
  return item.kind === "file" ? (item.result?.storageId ?? "") : "";
}

const root = document.getElementById("root");
if (root) {
  const client = createFermata({ url: location.origin, token: window.lab.token });
  createRoot(root).render(
    <FermataProvider client={client}>
      <Page />
    </FermataProvider>,
  );
}
