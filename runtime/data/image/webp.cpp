#include "runtime/data/image/webp.hpp"

#include "architecture/base/error.hpp"
#include "runtime/data/image/size_limit.hpp"

#ifdef GENSYNTH_HAS_WEBP
#include <webp/decode.h>
#endif

namespace gensynth::data::image {

#ifdef GENSYNTH_HAS_WEBP

bool reads_webp() { return true; }

Image decode_webp(const std::vector<std::uint8_t>& bytes, const std::string& where) {
  WebPBitstreamFeatures features;
  if (WebPGetFeatures(bytes.data(), bytes.size(), &features) != VP8_STATUS_OK) {
    throw Error(where + ": WebP cannot be decoded: its head is damaged or cut short");
  }
  if (features.has_animation != 0) throw Error(where + ": an animated WebP, expected one picture");
  const auto lock = admit(features.width, features.height, where);
  Image image;
  image.width = features.width;
  image.height = features.height;
  const int row = 3 * features.width;
  image.rgb.resize(static_cast<std::size_t>(row) * static_cast<std::size_t>(features.height));
  if (WebPDecodeRGBInto(bytes.data(), bytes.size(), image.rgb.data(), image.rgb.size(), row) == nullptr) {
    throw Error(where + ": WebP cannot be decoded: it is damaged or cut short");
  }
  return image;
}

#else

bool reads_webp() { return false; }

Image decode_webp(const std::vector<std::uint8_t>&, const std::string& where) {
  throw Error(where + ": a WebP, which this program was built without (libwebp); convert it to JPEG");
}

#endif

}  // namespace gensynth::data::image
