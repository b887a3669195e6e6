#include "search/serve/access.hpp"

#include <gtest/gtest.h>

#include "architecture/base/error.hpp"

namespace gensynth::serve {
namespace {

const Access kLocal{"127.0.0.1", 8765, ""};
const Access kOpen{"0.0.0.0", 8765, "0123456789abcdef"};

TEST(Access, OfThisMachineIsGrantedByTheNamesOfThisMachine) {
  EXPECT_EQ(refusal(kLocal, {"127.0.0.1:8765", "", ""}), "");
  EXPECT_EQ(refusal(kLocal, {"localhost:8765", "http://localhost:8765", ""}), "");
  EXPECT_EQ(refusal(kLocal, {"[::1]:8765", "", ""}), "");
}

TEST(Access, IsRefusedToPagesFromElsewhere) {
  EXPECT_NE(refusal(kLocal, {"attacker.example:8765", "", ""}), "") << "a name that was bound to 127.0.0.1";
  EXPECT_NE(refusal(kLocal, {"127.0.0.1:80", "", ""}), "");
  EXPECT_NE(refusal(kLocal, {"", "", ""}), "");
  EXPECT_NE(refusal(kLocal, {"127.0.0.1:8765", "http://attacker.example", ""}), "");
  EXPECT_NE(refusal(kLocal, {"127.0.0.1:8765", "http://127.0.0.1:9999", ""}), "");
  EXPECT_NE(refusal(kLocal, {"127.0.0.1:8765", "null", ""}), "");
}

TEST(Access, FromOtherMachinesNeedsTheToken) {
  EXPECT_EQ(refusal(kOpen, {"board.example:8765", "", "0123456789abcdef"}), "");
  for (const char* token : {"", "0123456789abcdeF", "0123456789abcde", "0123456789abcdef0"}) {
    EXPECT_NE(refusal(kOpen, {"board.example:8765", "", token}), "") << token;
  }
  EXPECT_NE(refusal(kOpen, {"board.example:8765", "http://other.example:8765", "0123456789abcdef"}), "");
}

TEST(Access, IsNotOpenedToOthersWithoutAToken) {
  EXPECT_NO_THROW(check_access(kLocal));
  EXPECT_NO_THROW(check_access(kOpen));
  EXPECT_NO_THROW(check_access({"::1", 1, ""}));
  EXPECT_THROW(check_access({"0.0.0.0", 8765, ""}), Error);
  EXPECT_THROW(check_access({"192.168.1.7", 8765, ""}), Error);
  EXPECT_THROW(check_access({"127.0.0.1", 8765, "short"}), Error);
}

}  // namespace
}  // namespace gensynth::serve
