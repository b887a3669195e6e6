#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "search/companion/quantisation_messages.hpp"

namespace gensynth::report::networks {

/// How a network was quantised, in one line: "128 images of DATA, entropy, 12 pairs of layers equalised, ...".
std::string choice_text(const companion::QuantisationChoice& choice);

/// Accuracy and bytes before and after, the `worst` vertices with the most noise, and what stays in float32.
std::string quantise_text(const std::string& network, const companion::QuantiseResult& result, std::size_t worst = 8);
nlohmann::ordered_json quantise_json(const std::string& network, const companion::QuantiseResult& result);

}  // namespace gensynth::report::networks
