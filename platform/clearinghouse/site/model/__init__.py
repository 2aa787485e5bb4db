"""What a partner's information consists of: records of given types, frozen values."""
