#pragma once

#include <gtest/gtest.h>

#include <string>

#include "runtime/data/dataset.hpp"

namespace gensynth::train {

/// Some hundred drawn images; decoded once and kept in the tests' temporary folder.
inline data::Dataset drawn_data(int px = 32, int classes = 4, int images = 200) {
  data::DataSpec spec;
  spec.px = px;
  spec.classes = classes;
  spec.images = images;
  spec.holdout = 0.25;
  return data::Dataset::open(spec, testing::TempDir() + "gensynth_drawn_data");
}

}  // namespace gensynth::train
