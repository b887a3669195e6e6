#pragma once

#include <array>

#include "generator/columnar/plan.hpp"

namespace gensynth::columnar {

// Choices that are not options of a job, ordered so that neighbouring choices are similar.
inline constexpr std::array kTaps{2, 3, 5};
inline constexpr std::array kRatios{1, 2, 4};
inline constexpr std::array kReductions{2, 4, 8};
inline constexpr std::array kEmbedDepths{1, 2};
inline constexpr std::array kEmbedWidths{1, 2};
inline constexpr std::array kEmbedGroups{0, 4, 1};  ///< 0 = depthwise
inline constexpr std::array kGates{ActivationKind::sigmoid, ActivationKind::hard_sigmoid};
inline constexpr std::array kGateNames{"sigmoid", "hard_sigmoid"};
inline constexpr std::array kResizes{ResizeMode::nearest, ResizeMode::bilinear};
inline constexpr std::array kResizeNames{"nearest", "bilinear"};

}  // namespace gensynth::columnar
