#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "architecture/model_card.hpp"
#include "search/companion/evaluation_messages.hpp"

namespace gensynth::deployment {

/// Something that gives scores for images: a network in LibTorch, or a model file in its runtime.
class Classifier {
 public:
  virtual ~Classifier() = default;
  virtual int px() const = 0;
  virtual int outputs() const = 0;
  const std::optional<ModelCard>& card() const { return card_; }
  /// Scores of each of the images, px * px * 3 bytes RGB each.
  virtual std::vector<std::vector<float>> scores(const std::vector<const std::uint8_t*>& images) = 0;
  const std::string& runtime() const { return runtime_; }  ///< known after the first call of `scores`
  const std::vector<std::string>& notes() const { return notes_; }

 protected:
  std::optional<ModelCard> card_;
  std::string runtime_;
  std::vector<std::string> notes_;  ///< what was assumed, for the user
};

/// The classifier that a request names. Throws Error for a file that is none or that does not take square images of
/// three channels, for a network without weights, and where it is not known how images are normalised.
std::unique_ptr<Classifier> make_classifier(const companion::EvaluateRequest& request);

std::unique_ptr<Classifier> make_network_classifier(const companion::EvaluateRequest& request);
std::unique_ptr<Classifier> make_file_classifier(const companion::EvaluateRequest& request);

/// Pixels as (3, px, px) numbers: bytes as they are times `factor`, plus `shift`, by channel.
std::vector<float> planes(const std::uint8_t* pixels, int px, const std::vector<float>& factor,
                          const std::vector<float>& shift);

}  // namespace gensynth::deployment
