"""What things are called in addresses: how a name is made, and how a thing is found by any name it has or had."""
