import { Bone, Loading } from "../ui/skeleton";
import { mediaColumns } from "./media-grid";

export function MediaSkeleton() {
  return (
    <Loading label="Loading media">
      <Bone className="mt-3 mb-6 h-2 w-48" />
      <Bone className="h-[34px]" />
      <Bone className="mt-8 w-32" />
      <div className={mediaColumns}>
        {["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"].map((tile) => (
          <div key={tile}>
            <Bone className="aspect-[4/3] h-auto rounded-md" />
            <Bone className="mt-2.5 w-3/4" />
          </div>
        ))}
      </div>
    </Loading>
  );
}
