fn a() { todo!() }
