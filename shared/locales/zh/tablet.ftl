# tablet
