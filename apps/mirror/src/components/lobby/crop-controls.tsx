import { useId } from "react";
import { type Crop, maxZoom, wholePicture } from "../../media/crop";

interface CropControlsProps {
  crop: Crop;
  onChange(crop: Crop): void;
}

/** Lines the picture's keys up with the drawn ones, for both players. */
export function CropControls({ crop, onChange }: CropControlsProps) {
  return (
    <fieldset className="crop">
      <legend>Bring the keys in the picture over the drawn ones</legend>
      <Slider
        label="Closer"
        min={1}
        max={maxZoom}
        step={0.01}
        value={crop.zoom}
        onChange={(zoom) => onChange({ ...crop, zoom })}
      />
      <Slider label="Sideways" value={crop.x} onChange={(x) => onChange({ ...crop, x })} />
      <Slider label="Up and down" value={crop.y} onChange={(y) => onChange({ ...crop, y })} />
      <button type="button" className="link-button" onClick={() => onChange(wholePicture)}>
        Whole picture
      </button>
    </fieldset>
  );
}

interface SliderProps {
  label: string;
  value: number;
  onChange(value: number): void;
  min?: number;
  max?: number;
  step?: number;
}

function Slider({ label, value, onChange, min = 0, max = 100, step = 0.5 }: SliderProps) {
  const id = useId();
  return (
    <span className="crop-slider">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="range"
        min={min}
        max={max}
        step={step}
        value={value}
        onChange={(event) => onChange(event.target.valueAsNumber)}
      />
    </span>
  );
}
