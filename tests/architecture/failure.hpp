#pragma once

#include <string>

#include "architecture/base/error.hpp"

namespace gensynth {

/// The message of the Error that `action` throws, or "no error".
template <class Action>
std::string failure(Action&& action) {
  try {
    action();
    return "no error";
  } catch (const Error& error) {
    return error.what();
  }
}

}  // namespace gensynth
