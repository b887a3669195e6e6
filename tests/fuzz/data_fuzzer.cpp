// Any bytes as an image, as a file of images in the idx format and as a tar archive: an Error, or as many pixels as the
// image declares.
#include <vector>

#include "runtime/data/image/decode.hpp"
#include "runtime/data/source.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace {

using namespace gensynth;

constexpr int kPx = 8;

void read_all(const data::Source& source) {
  const std::vector<data::Entry> entries = source.list().entries;
  source.read(
      entries, kPx,
      {[&](std::size_t index, const data::Digest&, const std::uint8_t* pixels) {
         fuzz::demand(index < entries.size());
         unsigned sum = 0;
         for (int i = 0; i < kPx * kPx * 3; ++i) sum += pixels[i];
         fuzz::demand(sum <= 255U * kPx * kPx * 3);
       },
       [&](std::size_t index, const std::string& reason) { fuzz::demand(index < entries.size() && !reason.empty()); }});
}

/// Labels for as many images as the first dimension declares, up to a few.
std::string labels_for(const std::string& images) {
  std::string labels("\0\0\x08\x01\0\0\0\0", 8);
  const auto count = images.size() > 7 ? static_cast<unsigned char>(images[7]) & 7U : 0U;
  labels[7] = static_cast<char>(count);
  return labels.append(count, '\x01');
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static fuzz::MemoryFile first, second;
  fuzz::accept_or_refuse(data, size, [](const std::string& text) {
    const data::image::Image image = data::image::decode({text.begin(), text.end()}, "fuzz");
    fuzz::demand(image.rgb.size() == std::size_t{3} * static_cast<std::size_t>(image.width * image.height));
    (void)data::image::fit(image, kPx);
  });
  fuzz::accept_or_refuse(data, size, [](const std::string& text) {
    read_all(*data::make_idx_source({first.holding(text), second.holding(labels_for(text))}));
  });
  return fuzz::accept_or_refuse(
      data, size, [](const std::string& text) { read_all(*data::make_archive_source({first.holding(text)})); });
}
