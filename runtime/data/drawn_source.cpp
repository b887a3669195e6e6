#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <numbers>
#include <optional>

#include "architecture/base/error.hpp"
#include "architecture/base/random.hpp"
#include "runtime/data/parallel.hpp"
#include "runtime/data/picture.hpp"
#include "runtime/data/source.hpp"

// Classes come in pairs that share a figure and differ in one property: texture, its direction, a count, or the
// position of a second figure. Everything else (colours, place, size, rotation, background, clutter, noise, and
// textures that do not distinguish classes) is random, so that neither colours nor any single kind of feature suffice.

namespace gensynth::data {
namespace {

constexpr int kDrawingVersion = 1;  // increase it with every change of a pixel
constexpr int kDefaultClasses = 10;
constexpr int kDefaultImages = 400;       // of training, per class
constexpr int kTrainingOfValidation = 5;  // training images for each validation image

constexpr float kPi = std::numbers::pi_v<float>;

enum class Layout { one, two, dot_inside, dot_beside, bar_left, bar_right, small_inside, small_beside };

struct Kind {
  const char* name;
  Figure figure;
  std::optional<Texture> texture;  ///< any, where none is given
  bool diagonal = false;           ///< texture turned by 45 degrees against the figure
  Layout layout = Layout::one;
};

constexpr std::array<Kind, 20> kKinds{{
    {"triangle striped", Figure::triangle, Texture::stripes},
    {"triangle checked", Figure::triangle, Texture::checks},
    {"disc with dot inside", Figure::disc, std::nullopt, false, Layout::dot_inside},
    {"disc with dot beside", Figure::disc, std::nullopt, false, Layout::dot_beside},
    {"one cross", Figure::cross, std::nullopt, false, Layout::one},
    {"two crosses", Figure::cross, std::nullopt, false, Layout::two},
    {"square striped straight", Figure::square, Texture::stripes, false},
    {"square striped diagonally", Figure::square, Texture::stripes, true},
    {"star", Figure::star, std::nullopt},
    {"pentagon", Figure::pentagon, std::nullopt},
    {"heart right of bar", Figure::heart, std::nullopt, false, Layout::bar_left},
    {"heart left of bar", Figure::heart, std::nullopt, false, Layout::bar_right},
    {"one ring", Figure::ring, std::nullopt, false, Layout::one},
    {"two rings", Figure::ring, std::nullopt, false, Layout::two},
    {"crescent striped", Figure::crescent, Texture::stripes},
    {"crescent dotted", Figure::crescent, Texture::dots},
    {"square in square", Figure::square, Texture::plain, false, Layout::small_inside},
    {"square beside square", Figure::square, Texture::plain, false, Layout::small_beside},
    {"bar striped lengthwise", Figure::bar, Texture::stripes, false},
    {"bar striped diagonally", Figure::bar, Texture::stripes, true},
}};

float luminance(const Colour& c) { return 0.3F * c.r + 0.6F * c.g + 0.1F * c.b; }
Colour random_colour(Rng& rng) { return {between(rng, 0, 255), between(rng, 0, 255), between(rng, 0, 255)}; }

Colour colour_of_lightness(Rng& rng, float low, float high) {
  for (;;) {
    const Colour colour = random_colour(rng);
    if (luminance(colour) >= low && luminance(colour) <= high) return colour;
  }
}

/// A colour whose lightness differs from all of `others`, so that every figure is visible.
template <std::size_t N>
Colour distinct_colour(Rng& rng, const std::array<Colour, N>& others, float least) {
  for (int attempt = 0; attempt < 100; ++attempt) {
    const Colour colour = random_colour(rng);
    const bool clear = std::all_of(others.begin(), others.end(), [&](const Colour& other) {
      return std::fabs(luminance(colour) - luminance(other)) >= least;
    });
    if (clear) return colour;
  }
  return luminance(others[0]) > 128 ? Colour{0, 0, 0} : Colour{255, 255, 255};
}

Layer clutter(Rng& rng, const Colour& background) {
  Layer layer;
  layer.x = between(rng, 0, 1);
  layer.y = between(rng, 0, 1);
  layer.rotation = between(rng, 0, 2 * kPi);
  layer.base = distinct_colour(rng, std::array{background}, 25);
  if (below(rng, 2) == 0) {  // a thin stroke
    layer.figure = Figure::bar;
    layer.radius = between(rng, 0.02F, 0.035F);
    layer.stretch = between(rng, 4, 12);
  } else {  // a crumb
    constexpr std::array kCrumbs = {Figure::triangle, Figure::bar, Figure::crescent};
    layer.figure = kCrumbs[static_cast<std::size_t>(below(rng, kCrumbs.size()))];
    layer.radius = between(rng, 0.03F, 0.06F);
  }
  return layer;
}

std::vector<std::uint8_t> draw(const Kind& kind, int px, Rng& rng) {
  const Colour background = colour_of_lightness(rng, 20, 100);
  Layer main;
  main.figure = kind.figure;
  main.base = colour_of_lightness(rng, 150, 235);
  main.second = distinct_colour(rng, std::array{main.base}, 60);
  main.rotation = between(rng, -0.4F, 0.4F);
  main.texture = kind.texture.value_or(static_cast<Texture>(below(rng, 4)));
  main.frequency = between(rng, 8, 11);
  main.texture_rotation = kind.texture ? (kind.diagonal ? kPi / 4 : 0) : between(rng, 0, kPi);

  Picture picture(px);
  picture.background(rng, background);
  for (int i = 1 + below(rng, 3); i > 0; --i) picture.draw(clutter(rng, background));

  const auto put = [&](Layer layer, float x, float y, float radius) {
    layer.x = x;
    layer.y = y;
    layer.radius = radius;
    picture.draw(layer);
  };
  const float angle = between(rng, 0, 2 * kPi);  // from the main figure to the second
  const float along = std::cos(angle);
  const float across = std::sin(angle);
  Layer other = main;
  other.texture = Texture::plain;
  float radius = 0;
  float apart = 0;  // distance of both from the middle between them
  switch (kind.layout) {
    case Layout::one: {
      radius = between(rng, 0.27F, 0.38F);
      const float x = between(rng, radius, 1 - radius);
      const float y = between(rng, radius, 1 - radius);
      put(main, x, y, radius);
      break;
    }
    case Layout::two:
      radius = between(rng, 0.15F, 0.21F);
      apart = radius * between(rng, 1.05F, 1.25F);
      put(main, 0.5F + apart * along, 0.5F + apart * across, radius);
      main.rotation = between(rng, -0.4F, 0.4F);
      put(main, 0.5F - apart * along, 0.5F - apart * across, radius * between(rng, 0.8F, 1));
      break;
    case Layout::dot_inside:
    case Layout::dot_beside:
    case Layout::small_inside:
    case Layout::small_beside: {
      const bool inside = kind.layout == Layout::dot_inside || kind.layout == Layout::small_inside;
      const bool dot = kind.layout == Layout::dot_inside || kind.layout == Layout::dot_beside;
      if (dot) other.figure = Figure::disc;
      other.base = distinct_colour(rng, std::array{background, main.base, main.second}, 30);
      radius = between(rng, 0.2F, 0.28F);
      const float small = between(rng, 0.055F, 0.08F) * (dot ? 1.0F : 1.5F);
      const float distance =
          inside ? between(rng, 0, radius * 0.9F - small * 1.5F) : radius * 1.1F + small * between(rng, 1.2F, 1.8F);
      const float margin = radius + (inside ? 0 : 0.12F);
      const float x = between(rng, margin, 1 - margin);
      const float y = between(rng, margin, 1 - margin);
      put(main, x, y, radius);
      put(other, x + distance * along, y + distance * across, small);
      break;
    }
    case Layout::bar_left:
    case Layout::bar_right: {
      radius = between(rng, 0.17F, 0.23F);
      const float side = kind.layout == Layout::bar_left ? 1.0F : -1.0F;
      const float y = between(rng, 0.35F, 0.65F);
      other.figure = Figure::bar;
      put(main, 0.5F + side * radius * 0.9F, y, radius);
      const float x = 0.5F - side * radius * between(rng, 0.9F, 1.2F);
      put(other, x, y + between(rng, -0.1F, 0.1F), radius * 0.8F);
      break;
    }
  }
  if (below(rng, 2) == 0) picture.draw(clutter(rng, background));
  return picture.finish(rng, between(rng, 5, 25));
}

class DrawnSource : public Source {
 public:
  explicit DrawnSource(const DataSpec& spec)
      : classes_(spec.classes == 0 ? kDefaultClasses : spec.classes),
        images_(spec.images == 0 ? kDefaultImages : spec.images),
        seed_(spec.seed) {
    if (classes_ > static_cast<int>(kKinds.size())) {
      throw Error("data: " + std::to_string(classes_) + " classes requested, but drawn images have at most " +
                  std::to_string(kKinds.size()));
    }
  }

  std::string identity() const override {
    return "drawn, version " + std::to_string(kDrawingVersion) + ", seed " + std::to_string(seed_);
  }

  Listing list() const override {
    Listing listing;
    for (int kind = 0; kind < classes_; ++kind) {
      const int validation = std::max(images_ / kTrainingOfValidation, 1);
      for (int i = 0; i < images_ + validation; ++i) {
        char member[24];
        std::snprintf(member, sizeof member, "%010d", i);
        const auto container = static_cast<std::size_t>(kind);
        listing.entries.push_back(
            {kKinds[container].name, member, i >= images_, container, static_cast<std::size_t>(i)});
      }
    }
    return listing;
  }

  std::vector<std::string> class_order(const std::vector<Entry>&) const override {
    std::vector<std::string> names;
    for (int kind = 0; kind < classes_; ++kind) names.emplace_back(kKinds[static_cast<std::size_t>(kind)].name);
    return names;
  }

  void read(const std::vector<Entry>& chosen, int px, const Sink& sink) const override {
    parallel_for(chosen.size(), [&](std::size_t index) {
      const Entry& entry = chosen[index];
      const std::string purpose = std::string(entry.validation ? "drawn val " : "drawn train ") + entry.class_name;
      Rng rng(derive_seed(seed_, entry.number, purpose));
      const std::vector<std::uint8_t> pixels = draw(kKinds[entry.container], px, rng);
      sink.image(index, digest(pixels.data(), pixels.size()), pixels.data());
    });
  }

 private:
  int classes_;
  int images_;
  std::uint64_t seed_;
};

}  // namespace

std::unique_ptr<Source> make_drawn_source(const DataSpec& spec) { return std::make_unique<DrawnSource>(spec); }

}  // namespace gensynth::data
