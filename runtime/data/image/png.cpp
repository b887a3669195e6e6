#include "runtime/data/image/png.hpp"

#include "architecture/base/error.hpp"
#include "runtime/data/image/size_limit.hpp"

#ifdef GENSYNTH_HAS_PNG
#include <png.h>

#include <cstring>
#include <memory>
#endif

namespace gensynth::data::image {

#ifdef GENSYNTH_HAS_PNG

bool reads_png() { return true; }

Image decode_png(const std::vector<std::uint8_t>& bytes, const std::string& where) {
  png_image png{};
  png.version = PNG_IMAGE_VERSION;
  const auto fail = [&] { throw Error(where + ": PNG cannot be decoded: " + png.message); };
  const std::unique_ptr<png_image, void (*)(png_image*)> guard(&png, png_image_free);
  if (png_image_begin_read_from_memory(&png, bytes.data(), bytes.size()) == 0) fail();
  const auto lock = admit(png.width, png.height, where);
  png.flags |= PNG_IMAGE_FLAG_16BIT_sRGB;  // else 16 bits without a gamma are taken for linear light
  const bool alpha = (png.format & PNG_FORMAT_FLAG_ALPHA) != 0;
  png.format = alpha ? PNG_FORMAT_RGBA : PNG_FORMAT_RGB;
  Image image;
  image.width = static_cast<int>(png.width);
  image.height = static_cast<int>(png.height);
  image.rgb.resize(PNG_IMAGE_SIZE(png));
  if (png_image_finish_read(&png, nullptr, image.rgb.data(), 0, nullptr) == 0) fail();
  if (alpha) {
    const std::size_t pixels = image.rgb.size() / 4;
    for (std::size_t i = 0; i < pixels; ++i) std::memmove(&image.rgb[i * 3], &image.rgb[i * 4], 3);
    image.rgb.resize(pixels * 3);
  }
  return image;
}

#else

bool reads_png() { return false; }

Image decode_png(const std::vector<std::uint8_t>&, const std::string& where) {
  throw Error(where + ": a PNG, which this program was built without (libpng); convert it to JPEG");
}

#endif

}  // namespace gensynth::data::image
